/** When the last of some steps ends; 0 without any. */
export const latestEnd = (steps: readonly { readonly endSeconds: number }[]): number =>
  steps.reduce((last, { endSeconds }) => Math.max(last, endSeconds), 0);

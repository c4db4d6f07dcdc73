/** The first comparison that tells two values apart: for sorting by several members. */
export const firstDifference = (...comparisons: readonly number[]): number =>
  comparisons.find((comparison) => comparison !== 0) ?? 0;

/** The lock of a journal: one run at a time. */
export const lockOf = (journal: string): string => `${journal}.lock`;

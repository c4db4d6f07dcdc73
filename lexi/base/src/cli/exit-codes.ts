/** What the exit code of a command says. Documented in the README; never reused for anything else. */
export const exitCodes = {
  /** Done, or there was nothing to do. */
  done: 0,
  /** The answer is no: infeasible, violated, stale. */
  no: 1,
  /** Bad input or usage. */
  badInput: 2,
  /** Our bug. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

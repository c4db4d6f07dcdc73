/** An objective this near to its bound, as a share of max(1, |objective|), is optimal. */
export const optimalityTolerance = 1e-6;

/** Whether an objective is not above a bound, but for rounding. */
export const meets = (objective: number, bound: number): boolean =>
  objective < Infinity && objective - bound <= optimalityTolerance * Math.max(1, Math.abs(objective));

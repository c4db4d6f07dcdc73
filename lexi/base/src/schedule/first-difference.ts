/** The first comparison that tells two things apart: for `sort` by several keys. */
export function firstDifference(...comparisons: readonly number[]): number {
  return comparisons.find((comparison) => comparison !== 0) ?? 0;
}

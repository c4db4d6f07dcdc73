/** A budget of rule questions. It counts work, not time, so that a run can be repeated byte for byte. */
export interface Effort {
  /** Takes questions from the budget; false when there are not so many left. */
  spend(questions: number): boolean;
  /** True once questions were denied; none are granted after that. */
  readonly exhausted: boolean;
}

export function createEffort(limit: number): Effort {
  let left = limit;
  let exhausted = false;
  return {
    spend(questions) {
      if (left < questions) exhausted = true;
      else left -= questions;
      return !exhausted;
    },
    get exhausted() {
      return exhausted;
    },
  };
}

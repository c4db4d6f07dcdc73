import type { Cloud } from '../../model/cloud.ts';
import type { Balance } from '../../plan/history/balance.ts';
import type { History } from '../../plan/history/history.ts';
import type { LinkLoad } from '../../plan/link-load.ts';
import type { Plan } from '../../plan/plan.ts';
import type { FrozenStretch } from '../../plan/shut-stretches.ts';
import type { Interval } from '../../replay/calendar/intervals.ts';

/** What a page is made of. */
export interface PageInput {
  readonly plan: Plan;
  /** As commands name it. */
  readonly planFile: string;
  /** Seconds in which the calendar lets nothing run. */
  readonly shut: readonly Interval[];
  /** Seconds in which its freezes leave some of the cloud alone. */
  readonly frozen: readonly FrozenStretch[];
  /** Absent where no inventory was given. */
  readonly cloud?: PagedCloud;
}

/** A cloud, and what the plan does on it. */
export interface PagedCloud {
  readonly cloud: Cloud;
  readonly inventoryDigest: string;
  readonly history: History;
  readonly links: readonly LinkLoad[];
  readonly balance: readonly Balance[];
}

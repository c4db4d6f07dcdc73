import type { Method } from '../../constraints/arrival.ts';
import type { HostId } from '../../model/ids.ts';
import type { NotDone, Undo } from '../../plan/plan.ts';
import type { Explanation, ServerFacts } from '../explain/explanation.ts';

/** One server's way through a plan. */
export interface PlanTrace {
  readonly plan: string;
  readonly goal: string;
  readonly server: ServerFacts;
  /** The plan was made from another inventory: what is judged here is this one. */
  readonly otherInventory: boolean;
  /** Its migrations in turn; empty for a server that stays. */
  readonly legs: readonly LegTrace[];
  /** What the goal would be worth if it alone had stayed; absent for one that stays, or ends where it was. */
  readonly staying?: Change;
  /** Of a server that stays. */
  readonly stays?: Stays;
}

/** What one server elsewhere changes of the goal. */
export interface Change {
  /** By priority, the most important first: as planned, and with the change. */
  readonly objective: readonly { readonly planned: number; readonly changed: number }[];
  /** Terms that change, in the goal's order: by how much, less than zero where it is for the better. */
  readonly terms: readonly { readonly kind: string; readonly by: number }[];
}

export interface LegTrace {
  readonly step: string;
  readonly method: Method;
  readonly from: HostId;
  readonly to: HostId;
  readonly stopOver: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly reason: string;
  /** Why it cannot be asked: the server is not where the plan expects it. */
  readonly stale?: string;
  /** What each host answered at the instant of its request. */
  readonly hosts?: Explanation;
  /** The best other host for the end of the way, this one server changed and nobody else; absent for a stop-over. */
  readonly second?: Alternative | { readonly kind: 'none' };
  /** From this step back to one that waits for nothing. */
  readonly chain: readonly TraceLink[];
  readonly undo: Undo;
}

/** A host that rules would have allowed at that instant. */
export interface Alternative {
  readonly kind: 'host';
  readonly host: HostId;
  readonly change: Change;
}

export interface TraceLink {
  readonly step: string;
  /** What it does, in words. */
  readonly what: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly after?: { readonly step: string; readonly reason: string };
  readonly idleSeconds: number;
}

export interface Stays {
  /** What the plan says of it. */
  readonly notDone?: NotDone;
  /** What each host answers when the plan has ended. */
  readonly hosts: Explanation;
  /** The best move of this one server after the plan; absent where rules allow none. */
  readonly best?: Alternative;
}

import { acceptedSeconds } from '../replay/limits.ts';
import type { Plan, Step } from './plan.ts';

/** A step of a chain, and what it waits for. */
export interface ChainLink {
  readonly step: Step;
  /** The step before it in the chain, and why it waits for that; absent where it waits for none. */
  readonly after?: { readonly step: string; readonly reason: string };
  /** Seconds between the end of that wait and the start: what the calendar, or the distance in a group, keeps back. */
  readonly idleSeconds: number;
}

/**
 * The chain of waits that decides when a step starts, from the step back to one that waits for nothing: of all that a
 * step waits for, what is over last by the timetable.
 */
export function criticalChain({ steps }: Pick<Plan, 'steps'>, of: string): readonly ChainLink[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const chain: ChainLink[] = [];
  let at = byId.get(of);
  while (at !== undefined) {
    const last = waitsOf(at, byId).reduce<Wait | undefined>(
      (latest, wait) => (latest === undefined || wait.over > latest.over ? wait : latest),
      undefined,
    );
    const idleSeconds = Math.max(0, at.startSeconds - (last?.over ?? 0));
    const after = last === undefined ? {} : { after: { step: last.step.id, reason: last.reason } };
    chain.push({ step: at, idleSeconds, ...after });
    at = last?.step;
  }
  return chain;
}

interface Wait {
  readonly step: Step;
  readonly reason: string;
  /** Seconds from the start of the plan. */
  readonly over: number;
}

function waitsOf(step: Step, byId: ReadonlyMap<string, Step>): readonly Wait[] {
  const ended = step.dependsOn.flatMap(({ step: id, reason }): readonly Wait[] => {
    const before = byId.get(id);
    return before === undefined ? [] : [{ step: before, reason, over: before.endSeconds }];
  });
  const requested = step.requestAfter.flatMap((id): readonly Wait[] => {
    const before = byId.get(id);
    const reason = 'its request comes first, as hosts are claimed in the order of requests';
    return before === undefined
      ? []
      : [{ step: before, reason, over: before.startSeconds + acceptedSeconds }];
  });
  return [...ended, ...requested];
}

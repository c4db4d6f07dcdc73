import type { PlanningRequest, PlanningTools } from '../planning-request.ts';

/** How much more may be asked of the solver. */
export interface Patience {
  /** True while another question may be asked, which it then counts. */
  spend(): boolean;
  /** True once time is up or the run was interrupted. */
  isOver(): boolean;
  /** Seconds that are left; absent where no limit was set. */
  secondsLeft(): number | undefined;
}

/** Servers and hosts that all questions together may be about, so that large clouds are asked about less often. */
const thingsAsked = 100_000;
const fewest = 2;

/** So many questions at most, fewer for a large cloud, none once time is up or the run was interrupted. */
export function patienceFor(
  { cloud, options }: PlanningRequest,
  tools: PlanningTools,
  started: number,
  most: number,
): Patience {
  const size = cloud.servers.size + cloud.hosts.size;
  let left = Math.max(fewest, Math.min(most, Math.floor(thingsAsked / Math.max(1, size))));
  const secondsLeft = (): number | undefined =>
    options.timeLimitSeconds === undefined
      ? undefined
      : Math.max(0, options.timeLimitSeconds - (tools.now() - started));
  const isOver = (): boolean => tools.signal?.aborted === true || secondsLeft() === 0;
  return {
    isOver,
    spend() {
      if (left <= 0 || isOver()) return false;
      left -= 1;
      return true;
    },
    secondsLeft,
  };
}

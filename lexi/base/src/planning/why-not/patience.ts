import type { PlanningRequest, PlanningTools } from '../planning-request.ts';

/** How much more may be asked of the solver. */
export interface Patience {
  /** True while another question may be asked, which it then counts. */
  spend(): boolean;
  /** Seconds that are left; absent where no limit was set. */
  secondsLeft(): number | undefined;
}

/** Servers and hosts that all questions together may be about, so that large clouds are asked about less often. */
const thingsAsked = 400_000;
const fewest = 6;

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
  return {
    spend() {
      if (left <= 0 || tools.signal?.aborted === true || secondsLeft() === 0) return false;
      left -= 1;
      return true;
    },
    secondsLeft,
  };
}

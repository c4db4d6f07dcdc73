import type { Cloud } from '../model/cloud.ts';
import { type Host, isUp } from '../model/host.ts';
import type { StateView } from '../constraints/state-view.ts';
import { groupBy } from '../shared/collections.ts';
import type { Finding } from './finding.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { NotDone, Plan, PlanOptions, PlanSummary } from './plan.ts';

/** Whether a plan keeps to what the operator asked for: limits, hosts to be drained, spare hosts of each zone. */
export function checkLimits(plan: Plan, summary: PlanSummary, end: StateView): readonly Finding[] {
  const { options } = plan.basedOn;
  const { cloud } = end.context;
  return [
    ...atMost('migrated servers', summary.moves, options.maxMoves),
    ...atMost('GiB to copy', summary.memoryGiB + summary.diskGiB, roundedUp(options.maxGiB)),
    ...options.drain.flatMap((host) => checkDrained(host, plan.notDone, end)),
    ...checkSpares(options, plan, end, cloud),
  ];
}

/** The summary counts whole GiB. */
const roundedUp = (limit: number | undefined): number | undefined =>
  limit === undefined ? undefined : Math.ceil(limit);

function atMost(what: string, measured: number, limit: number | undefined): readonly Finding[] {
  if (limit === undefined || measured <= limit) return [];
  return [{ code: 'limit', text: `${measured} ${what}, limit ${limit}`, measured, limit }];
}

/** A drained host runs nothing at the end but what the plan says it leaves there. */
function checkDrained(host: HostId, notDone: readonly NotDone[], end: StateView): readonly Finding[] {
  const told = new Set(notDone.map(({ server }) => server));
  const left = runningOn(host, end).filter((server) => !told.has(server));
  if (left.length === 0) return [];
  const { servers } = end.context.cloud;
  const names = left.map((server) => servers.get(server)?.name ?? server).join(', ');
  return [
    {
      code: 'limit',
      text: `${host} is to be drained and still runs ${names}`,
      measured: left.length,
      limit: 0,
    },
  ];
}

/**
 * A zone in which the plan disables emptied hosts keeps so many others ready: empty, enabled and up. Hosts that are
 * drained are no spares.
 */
function checkSpares(
  { spareHosts, drain }: PlanOptions,
  { steps }: Plan,
  end: StateView,
  { hosts }: Cloud,
): readonly Finding[] {
  const drained = new Set(drain);
  const disabled = steps.flatMap((step) =>
    step.kind === 'disable-service' && !drained.has(step.host) && end.serviceStatus(step.host) === 'disabled'
      ? [hosts.get(step.host)]
      : [],
  );
  if (disabled.length === 0) return [];
  const ready = groupBy(
    [...hosts.values()].filter((host) => !drained.has(host.id) && isReady(host, end)),
    zoneOf,
  );
  return [...groupBy(disabled, zoneOf).keys()].flatMap((zone) => {
    const measured = ready.get(zone)?.length ?? 0;
    const text = `zone ${zone} keeps ${measured} spare hosts, wanted ${spareHosts}`;
    return measured >= spareHosts ? [] : [{ code: 'limit' as const, text, measured, limit: spareHosts }];
  });
}

const zoneOf = (host: Host | undefined): string => host?.availabilityZone ?? '';

const isReady = ({ id, service }: Host, end: StateView): boolean =>
  isUp(service) && end.serviceStatus(id) === 'enabled' && runningOn(id, end).length === 0;

/** Servers that run there or are on their way there. */
const runningOn = (host: HostId, end: StateView): readonly ServerId[] =>
  end
    .claimsOn(host)
    .flatMap(({ role, server }) => (role === 'resident' || role === 'incoming' ? [server] : []));

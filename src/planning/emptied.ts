import type { Assignment } from '../model/cloud.ts';
import { type Host, isReady } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { withMoves } from '../model/moved.ts';
import type { OrderedStep } from '../schedule/ordered.ts';
import type { Run } from './run.ts';

/** What happens to the services of hosts that a plan empties. */
export interface Emptied {
  /** Hosts on which servers live now and none will; drained ones too, even when something stays there. */
  readonly hosts: readonly HostId[];
  /** Disabled before their first step. */
  readonly disabled: readonly HostId[];
  /** Of those, enabled again at the end: as spares of their zone, or because all are to be. */
  readonly reEnabled: readonly HostId[];
}

export function emptiedHosts(run: Run, ordered: readonly OrderedStep[]): Emptied {
  const { goal, options } = run.request;
  const drained = new Set(options.drain);
  const end = endOf(run, ordered);
  const used = new Set(end.values());
  const hosts = [...new Set([...leftEmpty(run.problem.start, used), ...drained])].toSorted();
  const disabled = hosts.filter((id) => (goal.disableEmptied || drained.has(id)) && isEnabled(run, id));
  const evacuated = new Set(options.evacuate);
  if (options.reEnable) return { hosts, disabled, reEnabled: disabled.filter((id) => !evacuated.has(id)) };
  const candidates = disabled.filter((id) => !drained.has(id));
  const spares = sparesAmong(run, candidates, used);
  return { hosts, disabled, reEnabled: disabled.filter((id) => spares.has(id)) };
}

const hostOf = ({ context }: Run, id: HostId): Host | undefined => context.cloud.hosts.get(id);
const isEnabled = (run: Run, id: HostId): boolean => hostOf(run, id)?.service.status === 'enabled';
const zoneOf = (host: Host | undefined): string => host?.availabilityZone ?? '';

function endOf({ problem }: Run, ordered: readonly OrderedStep[]): Assignment {
  const moves = new Map<ServerId, HostId>();
  for (const step of ordered) if (step.kind === 'migrate') moves.set(step.arrival.server.id, step.arrival.to);
  return withMoves(problem.start, moves);
}

/** Hosts on which servers live at the start and none at the end. */
export const leftEmpty = (start: Assignment, used: ReadonlySet<HostId>): readonly HostId[] =>
  [...new Set(start.values())].filter((host) => !used.has(host));

/** The first candidates of each zone that has fewer empty hosts, enabled and up, than it is to keep. */
function sparesAmong(
  run: Run,
  candidates: readonly HostId[],
  used: ReadonlySet<HostId>,
): ReadonlySet<HostId> {
  if (candidates.length === 0) return new Set();
  const emptied = new Set<HostId>([...candidates, ...run.request.options.drain]);
  const have = new Map<string, number>();
  const count = (host: Host | undefined): void =>
    void have.set(zoneOf(host), (have.get(zoneOf(host)) ?? 0) + 1);
  for (const host of run.context.cloud.hosts.values())
    if (isReady(host.service) && !used.has(host.id) && !emptied.has(host.id)) count(host);
  const spares = new Set<HostId>();
  for (const id of candidates) {
    const host = hostOf(run, id);
    if (
      host === undefined ||
      !isReady(host.service) ||
      (have.get(zoneOf(host)) ?? 0) >= run.request.options.spareHosts
    )
      continue;
    count(host);
    spares.add(id);
  }
  return spares;
}

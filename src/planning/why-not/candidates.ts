import { canForce, isOff } from '../../constraints/context.ts';
import type { Host } from '../../model/host.ts';
import { cloudIndex } from '../../model/cloud-index.ts';
import type { ServerId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Blocker } from '../planning-request.ts';
import { openingDisruptions } from '../explain/ways.ts';
import type { Run } from '../run.ts';
import type { Change, Clash, NamedServer } from './answer.ts';
import { modelOf } from './copy-host.ts';

const mostRules = 8;
const mostServers = 12;
const mostModels = 5;

/** Changes that are made together. */
export type Candidate = readonly Change[];

/**
 * What could be changed, cheapest first: a word, a limit, a lock, a server that is stopped, a host that is bought. Locks
 * and servers to stop also all at once: one of several that stand in the way is seldom enough.
 */
export function candidatesOf(
  run: Run,
  clash: Clash | undefined,
  blockers: readonly Blocker[],
): readonly Candidate[] {
  return [
    ...singly(words(run)),
    ...singly(lifts(run, clash)),
    ...atOnce(unlocks(run)),
    ...atOnce(stops(run, clash, blockers)),
    ...singly(hostsToAdd(run)),
  ];
}

const singly = (changes: readonly Change[]): readonly Candidate[] => changes.map((change) => [change]);
const atOnce = (changes: readonly Change[]): readonly Candidate[] =>
  changes.length > 1 ? [...singly(changes), changes] : singly(changes);

/** How much a change asks of the operator. */
export const costOf = ({ kind }: Change): number =>
  ['allow', 'lift', 'unlock', 'stop', 'add-host'].indexOf(kind);

const words = ({ context, request }: Run): readonly Change[] =>
  openingDisruptions
    .filter((word) => !context.allow.has(word))
    .filter((word) => word !== 'forced' || canForce({ profile: request.profile, allow: new Set([word]) }))
    .map((word) => ({ kind: 'allow', word }));

/** Spare hosts are no limit of a drain: a host that is drained was no spare. */
function lifts({ request }: Run, clash: Clash | undefined): readonly Change[] {
  const { maxMoves, maxGiB, headroomPercent, surviveHostLoss, exclude, only } = request.options;
  const clashing = new Set(clash?.rules.map(({ rule }) => rule));
  const rules = (request.operatorRules?.rules ?? []).toSorted(
    (a, b) => Number(clashing.has(`operator:${b.name}`)) - Number(clashing.has(`operator:${a.name}`)),
  );
  const lift = (option: Extract<Change, { kind: 'lift' }>['option'], value: string): Change => ({
    kind: 'lift',
    option,
    value,
  });
  return [
    ...(maxMoves === undefined ? [] : [lift('--max-moves', String(maxMoves))]),
    ...(maxGiB === undefined ? [] : [lift('--max-gib', String(maxGiB))]),
    ...(headroomPercent === 0 ? [] : [lift('--headroom', String(headroomPercent))]),
    ...(surviveHostLoss === true ? [lift('--survive-host-loss', '')] : []),
    ...rules.slice(0, mostRules).map(({ name }) => lift('--rules', name)),
    ...exclude.map(({ kind, value }) => lift('--exclude', `${kind}:${value}`)),
    ...(only.length === 0
      ? []
      : [lift('--only', only.map(({ kind, value }) => `${kind}:${value}`).join(' '))]),
  ];
}

/** Locked servers that are to leave. */
function unlocks({ context: { cloud }, request }: Run): readonly Change[] {
  const { residents } = cloudIndex(cloud);
  return request.options.drain
    .flatMap((host) => residents.get(host) ?? [])
    .flatMap(({ id, name, host, locked }): readonly Change[] =>
      locked === true && host !== undefined
        ? [{ kind: 'unlock', server: { server: id, serverName: name, host } }]
        : [],
    )
    .slice(0, mostServers);
}

/** Those of the clash and those that found no place; with `cold` allowed they go cold anyway. */
function stops({ context }: Run, clash: Clash | undefined, blockers: readonly Blocker[]): readonly Change[] {
  const named = new Map<ServerId, NamedServer>();
  for (const { server, serverName, host } of [...(clash?.servers ?? []), ...blockers])
    named.set(server, { server, serverName, host });
  return [...named.values()]
    .filter(({ server }) => {
      const found = context.cloud.servers.get(server);
      return found?.vmState === 'active' && !isOff(found);
    })
    .slice(0, mostServers)
    .map((server) => ({ kind: 'stop', server }));
}

/** One host of each model: those of the hosts to drain first, since their servers run there, then the commonest. */
function hostsToAdd({ context, request }: Run): readonly Change[] {
  const drained = new Set(request.options.drain);
  const isDrained = (hosts: readonly Host[]): boolean => hosts.some(({ id }) => drained.has(id));
  return [...groupBy(context.cloud.hosts.values(), modelOf).values()]

    .toSorted((a, b) => {
      const drainedFirst = Number(isDrained(b)) - Number(isDrained(a));
      return drainedFirst === 0 ? b.length - a.length : drainedFirst;
    })
    .slice(0, mostModels)
    .flatMap((hosts) => hosts.slice(0, 1))
    .map(({ id }) => ({ kind: 'add-host', like: id }));
}

import type { HostId } from '../../model/ids.ts';
import type { PlacedGuestCell } from '../../model/numa.ts';
import type { Server } from '../../model/server.ts';
import { freePages } from '../../nova/page-size.ts';
import type { Arrival } from '../arrival.ts';
import { changedCells } from '../changed-cells.ts';
import type { RuleContext } from '../context.ts';
import { emptiedHosts } from '../emptied-hosts.ts';
import { fitOptions } from '../fit-options.ts';
import { boundCpus, keepsCells, knownCells, missingLayout, pinnedToday } from '../kept-cells.ts';
import { pairMask } from '../pair-mask.ts';
import { obstacle } from '../pair-rule.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import { type Claim, homeClaim, type StateView } from '../state-view.ts';

/**
 * A live migration of a server with a NUMA topology keeps the ids of its NUMA cells, where the profile asks for it.
 * Before 20.0.0 it cannot do otherwise: cells, CPUs and page pools go along unchanged, so all of them must be there
 * at the destination, with the same siblings, and free.
 *
 * Source: the guides of Red Hat OpenStack Platform 13 ("NUMA node 0 to NUMA node 0").
 */
export const sameNumaCells: Rule = {
  id: 'same-numa-cells',
  scope: 'host',
  holds: 'always',

  judge(arrival, state) {
    const { context } = state;
    const { server, method, to } = arrival;
    if (method !== 'live') return yes;
    if (!keepsCells(server.id, context)) return sameIds(arrival, state);
    const home = homeClaim(server.id, state);
    const cells = home?.via === 'cold' || home?.via === 'evacuate' ? undefined : knownCells(server);
    if (cells === undefined) return unknownPins;
    const layout = judgeLayout(cells, arrival.from, to, context);
    return layout.kind === 'yes' ? judgeFree(server, cells, to, state) : layout;
  },

  audit: () => [],

  compile: (context) =>
    pairMask(
      'same-numa-cells',
      context,
      (server) => (keepsCells(server.id, context) ? JSON.stringify([server.host, server.topology]) : ''),
      (server, host, { method }) => {
        if (method !== 'live' || server.host === undefined || !keepsCells(server.id, context)) return yes;
        const cells = knownCells(server);
        return cells === undefined ? unknownPins : judgeLayout(cells, server.host, host.id, context);
      },
    ),

  describe: ({ where, names }) => `host ${where}: ${(names ?? []).join(', ')}`,
};

/** Nova chooses the cells: only what it would choose now can tell. */
function sameIds({ server, to }: Arrival, state: StateView): Verdict {
  if (state.context.profile.switches.sameNumaCells !== 'required') return yes;
  const changed = changedCells(server.id, to, state);
  if (changed === undefined || changed.kind === 'same') return yes; // no topology, or told by `numa-fit`
  if (changed.kind === 'unknown') return unknownPins;
  const { from, into } = changed;
  return obstacle(to, `Nova would choose NUMA cells ${into.join()}, the profile asks for ${from.join()}`);
}

const unknownPins: Verdict = {
  kind: 'unknown',
  missing: ['servers[].topology'],
  safe: 'no',
  assumption: 'the NUMA cells and CPUs that some servers are bound to are not known: they stay',
};

const unknownCells: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].layout'],
  safe: 'no',
  assumption: 'NUMA cells of some hosts are not known: servers with a NUMA topology stay',
};

function judgeLayout(
  cells: readonly PlacedGuestCell[],
  from: HostId,
  to: HostId,
  { cloud }: RuleContext,
): Verdict {
  const source = cloud.hosts.get(from)?.cells;
  const target = cloud.hosts.get(to)?.cells;
  if (source === undefined || target === undefined) return unknownCells;
  const missing = missingLayout(cells, source, target);
  return missing === undefined ? yes : obstacle(to, `the server keeps its NUMA cells and CPUs: ${missing}`);
}

function judgeFree(server: Server, cells: readonly PlacedGuestCell[], to: HostId, state: StateView): Verdict {
  const wanted = new Set(cells.flatMap(boundCpus));
  const taken = [...wanted].filter(takenOn(server, to, state));
  if (taken.length > 0) return obstacle(to, `the server keeps its CPUs: ${taken.join()} are taken there`);
  for (const cell of cells) {
    const lacks = lacksMemory(server, cell, to, state);
    if (lacks !== undefined) return obstacle(to, lacks);
  }
  return yes;
}

/** Whether a host CPU is bound, as far as anybody can know. */
function takenOn(server: Server, to: HostId, state: StateView): (cpu: number) => boolean {
  const { context } = state;
  const host = context.cloud.hosts.get(to);
  const claims = state.claimsOn(to).filter((claim) => claim.server !== server.id);
  const here = new Set(claims.map((claim) => claim.server));
  const pinsOf = (id: Server['id']): readonly number[] =>
    (knownCells(context.cloud.servers.get(id) ?? server) ?? []).flatMap(boundCpus);
  const gone = [...(emptiedHosts(context).get(to)?.held.keys() ?? [])].filter((id) => !here.has(id));
  const left = new Set(gone.flatMap(pinsOf));
  const taken = new Set([...(host === undefined ? [] : pinnedToday(host))].filter((cpu) => !left.has(cpu)));
  for (const claim of claims) {
    const pins = claim.via === undefined || claim.via === 'live' ? pinsOf(claim.server) : [];
    for (const cpu of pins) taken.add(cpu);
  }
  const chosen = claims.filter(({ via }) => via === 'cold' || via === 'evacuate');
  return (cpu) => taken.has(cpu) || chosen.some((claim) => mayHold(claim, cpu, to, state));
}

/** Which CPU of a core Nova pinned in this run nobody knows: any of a core that it took from may be. */
function mayHold({ guest }: Claim, cpu: number, to: HostId, state: StateView): boolean {
  const layouts = state.hostState(to)?.layout.cells ?? [];
  return (guest?.cells ?? []).some(({ hostCellId, threads }) => {
    const core = layouts.find(({ id }) => id === hostCellId)?.coreOfCpu.get(cpu);
    return core !== undefined && threads.some(([held, count]) => held === core && count > 0);
  });
}

function lacksMemory(
  { id }: Server,
  guest: PlacedGuestCell,
  to: HostId,
  state: StateView,
): string | undefined {
  const cell = state.hostState(to)?.cells.find(({ layout }) => layout.id === guest.hostCellId);
  if (cell === undefined) return `there is no NUMA cell ${guest.hostCellId}`;
  const { layout } = cell;
  const where = `NUMA cell ${layout.id}`;
  if (guest.pageSizeKiB !== undefined && guest.pageSizeKiB !== layout.pageSizesKiB[0]) {
    const index = layout.pageSizesKiB.indexOf(guest.pageSizeKiB);
    const free = freePages(cell, index);
    const needed = Math.ceil((guest.memoryMiB * 1024) / guest.pageSizeKiB);
    return needed <= free
      ? undefined
      : `the server keeps its NUMA cells: ${where} has ${free} free pages of ${guest.pageSizeKiB} KiB, ${needed} are needed`;
  }
  const pinned = state.context.demands.get(id)?.fit?.pinned === true;
  const ratio = pinned ? 1 : (fitOptions(state.context)(to).limits?.ramRatio ?? 1);
  const free = Math.floor(layout.memoryMiB * ratio) - cell.memoryUsedMiB;
  return guest.memoryMiB <= free
    ? undefined
    : `the server keeps its NUMA cells: ${where} has ${free} MiB free, ${guest.memoryMiB} are needed`;
}

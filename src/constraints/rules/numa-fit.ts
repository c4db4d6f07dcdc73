import type { HostId, ServerId } from '../../model/ids.ts';
import { freeMemoryMiB } from '../../nova/cell-order.ts';
import type { Claim } from '../../nova/claim.ts';
import type { GuestDemand } from '../../nova/guest-demand.ts';
import { explainMisfit, type Misfit } from '../../nova/misfit.ts';
import { canFit, type FoundFit } from '../../nova/numa-fit.ts';
import { freePages } from '../../nova/page-size.ts';
import type { RuleContext } from '../context.ts';
import type { Demand } from '../demand.ts';
import { type EmptiedHost, emptiedHosts } from '../emptied-hosts.ts';
import { fitOptions } from '../fit-options.ts';
import { describeMisfit, showPageSize } from '../misfit-words.ts';
import { pairMask } from '../pair-mask.ts';
import type { CellFit, CellOffer, GuestCellNeed } from '../primitive.ts';
import { type Rule, type Verdict, type Violation, yes } from '../rule.ts';
import { homeClaim, type StateView } from '../state-view.ts';

/**
 * A server with a NUMA topology fits the NUMA cells of its destination by Nova's own search: page sizes, pinned and
 * floating CPUs, thread policy, memory, networks, each guest cell on a cell of its own. Servers that travel hold
 * their cells at both ends. A live migration must find pages of the size that the server has now.
 *
 * Source: virt/hardware.py numa_fit_instance_to_host. The search itself is in `nova/numa-fit.ts`.
 * compute/claims.py MoveClaim._test_live_migration_page_size.
 */
export const numaFit: Rule = {
  id: 'numa-fit',
  scope: 'host',
  holds: 'always',

  judge({ server, to, method }, state) {
    const demand = state.context.demands.get(server.id);
    if (demand === undefined || demand.guest.kind === 'none') return yes;
    if (demand.guest.kind === 'unknown') return unknownTopology(demand.guest.missing);
    if (demand.fit === undefined) return unknownRequests(demand);
    const fit = state.fit(server.id, to);
    if (fit === undefined) return unknownCells;
    if (!fit.fits || fit.collides) return misfit(demand.fit, to, state, fit.fits);
    if (method !== 'live') return yes;
    const claimed = state.predict(server.id, to, method);
    if (claimed?.collides === true) return misfit(demand.fit, to, state, true);
    return claimed === undefined ? yes : samePages(server.id, demand.fit, claimed, to, state);
  },

  audit: (state) => [...state.context.cloud.hosts.keys()].flatMap((host) => auditHost(host, state)),

  compile: (context) => {
    const options = fitOptions(context);
    const empty = emptiedHosts(context);
    return [
      ...pairMask(
        'numa-fit',
        context,
        (server) => signature(context, server.id),
        (server, host) => {
          const demand = context.demands.get(server.id);
          if (demand === undefined || demand.guest.kind === 'none') return yes;
          if (demand.guest.kind === 'unknown') return unknownTopology(demand.guest.missing);
          if (demand.fit === undefined) return unknownRequests(demand);
          const state = empty.get(host.id)?.state;
          if (state === undefined) return unknownCells;
          const fits = canFit(state, { ...demand.fit, pciRequests: [] }, options(host.id));
          return fits ? yes : { kind: 'no', measured: 1, limit: 0, unit: 'misfits', where: host.id };
        },
      ),
      ...cellFit(context),
    ];
  },

  describe: ({ where, names }) => `${where}: ${(names ?? []).join(', ')}`,
};

const unknownCells: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].layout', 'hosts[].numaUsage'],
  safe: 'no',
  assumption: 'NUMA cells of some hosts are not known: servers with a NUMA topology stay',
};

const unknownTopology = (missing: readonly string[]): Verdict => ({
  kind: 'unknown',
  missing,
  safe: 'no',
  assumption: 'whether some servers have a NUMA topology is not known: they stay',
});

const unknownRequests = ({ pci }: Demand): Verdict => ({
  kind: 'unknown',
  missing: pci.kind === 'unknown' ? pci.missing : [],
  safe: 'no',
  assumption: 'the PCI requests of some servers are not known: they stay',
});

/** Only wishes such as `large` can come to other pages than today's; Nova looks at the first guest cell alone. */
function samePages(
  server: ServerId,
  demand: GuestDemand,
  fit: FoundFit,
  to: HostId,
  state: StateView,
): Verdict {
  if (typeof demand.cells[0]?.pageSize !== 'string') return yes;
  const today = homeClaim(server, state)?.guest?.cells[0]?.pageSizeKiB;
  const then = fit.cells[0]?.pageSizeKiB;
  if (today === undefined || then === undefined) return unknownPages;
  if (today === then) return yes;
  const name = `would get ${showPageSize(then)} and has ${showPageSize(today)}: allow cold`;
  return { kind: 'no', measured: then, limit: today, unit: 'KiB pages', where: to, names: [name] };
}

const unknownPages: Verdict = {
  kind: 'unknown',
  missing: ['servers[].topology'],
  safe: 'no',
  assumption: 'the page sizes that some servers have now are not known: they stay',
};

function misfit(demand: GuestDemand | undefined, to: HostId, state: StateView, collides: boolean): Verdict {
  const host = state.hostState(to);
  const base = { kind: 'no', measured: 1, limit: 0, unit: 'misfits', where: to } as const;
  if (collides)
    return { ...base, names: ['Nova would accept the server and then fail to pin its emulator thread'] };
  if (host === undefined || demand === undefined) return base;
  const cause: Misfit | undefined = explainMisfit(host, demand, fitOptions(state.context)(to));
  if (cause === undefined) return base;
  if (cause.kind === 'pci') return yes; // told by the rule `pci-devices`
  const where = cause.where === undefined ? to : `${to} NUMA cell ${cause.where.hostCellId}`;
  return {
    kind: 'no',
    measured: cause.measured,
    limit: cause.limit,
    unit: cause.unit,
    where,
    names: [describeMisfit(cause)],
  };
}

function auditHost(host: HostId, state: StateView): readonly Violation[] {
  return (state.hostState(host)?.cells ?? []).flatMap((cell) => {
    const { id, pageSizesKiB, pagesTotal, pagesReserved } = cell.layout;
    const where = `${host} NUMA cell ${id}`;
    const breach = (
      unit: string,
      measured: number,
      limit: number,
      name: string,
      takesPart: (held: Claim['cells'][number]) => boolean,
    ): readonly Violation[] => {
      if (measured <= limit) return [];
      const servers = state
        .claimsOn(host)
        .filter(({ guest }) => (guest?.cells ?? []).some((held) => held.hostCellId === id && takesPart(held)))
        .map((claim) => claim.server)
        .toSorted();
      const key = `${where} ${unit}`;
      return [{ rule: 'numa-fit', host, servers, measured, limit, unit, where, key, names: [name] }];
    };
    const twice = cell.freeThreads.reduce((sum, free) => sum + Math.max(0, -free), 0);
    return [
      ...breach('CPUs pinned twice', twice, 0, `CPUs pinned twice: ${twice}`, ({ threads }) =>
        threads.some(([core]) => (cell.freeThreads[core] ?? 0) < 0),
      ),
      ...pageSizesKiB.flatMap((size, index) => {
        if (index === 0) return []; // small pages are not booked one by one: Nova compares totals
        const measured = cell.pagesUsed[index] ?? 0;
        const limit = (pagesTotal[index] ?? 0) - (pagesReserved[index] ?? 0);
        const name = `${measured} of ${limit} ${showPageSize(size)} in use`;
        return breach(`pages of ${size} KiB`, measured, limit, name, (held) => held.pageSizeKiB === size);
      }),
    ];
  });
}

function signature({ demands }: RuleContext, server: ServerId): string {
  const demand = demands.get(server);
  return demand === undefined || demand.guest.kind === 'none'
    ? ''
    : JSON.stringify([demand.guest.kind, demand.fit]);
}

/** Threads, memory and pages a cell; only what every release and thread policy surely takes. */
function cellFit(context: RuleContext): readonly CellFit[] {
  const countsMemory = !context.profile.switches.pinnedChecksFreeSmallPages;
  const guests = new Map<ServerId, readonly GuestCellNeed[]>();
  for (const [id, { fit }] of context.demands)
    if (fit !== undefined && fit.cells.length > 0) guests.set(id, needs(fit, countsMemory));
  if (guests.size === 0) return [];
  const hosts = new Map<HostId, readonly CellOffer[]>();
  const held = new Map<ServerId, readonly { cell: number; need: GuestCellNeed }[]>();
  for (const [id, empty] of emptiedHosts(context)) {
    hosts.set(id, offers(empty, countsMemory));
    for (const [server, claim] of empty.held)
      held.set(server, holds(claim, context.demands.get(server)?.fit, countsMemory));
  }
  return [{ kind: 'cellFit', rule: 'numa-fit', hosts, guests, held }];
}

const needs = (fit: GuestDemand, countsMemory: boolean): readonly GuestCellNeed[] =>
  fit.cells.map((cell, index) => ({
    threads: cell.dedicatedVcpus + (index === 0 && fit.isolatedEmulator ? 1 : 0),
    memoryMiB: countsMemory && fit.pinned ? cell.memoryMiB : 0,
    pages:
      typeof cell.pageSize === 'number'
        ? new Map([[cell.pageSize, Math.ceil(cell.memoryKiB / cell.pageSize)]])
        : new Map<number, number>(),
  }));

const offers = ({ state }: EmptiedHost, countsMemory: boolean): readonly CellOffer[] =>
  state.cells.map((cell) => ({
    id: cell.layout.id,
    threads: cell.freeDedicatedCpus,
    memoryMiB: countsMemory ? freeMemoryMiB(cell) : Number.MAX_SAFE_INTEGER,
    pages: new Map(cell.layout.pageSizesKiB.map((size, index) => [size, freePages(cell, index)])),
  }));

function holds(
  claim: Claim,
  fit: GuestDemand | undefined,
  countsMemory: boolean,
): readonly { cell: number; need: GuestCellNeed }[] {
  return claim.cells.map((cell, index) => {
    const explicit = fit === undefined || fit.cells[index]?.pageSize !== undefined;
    return {
      cell: cell.hostCellId,
      need: {
        threads: cell.threads.reduce((sum, [, threads]) => sum + threads, 0),
        memoryMiB: countsMemory && fit?.pinned === true ? cell.memoryMiB : 0,
        pages:
          explicit && cell.pageSizeKiB !== undefined
            ? new Map([[cell.pageSizeKiB, cell.pages]])
            : new Map<number, number>(),
      },
    };
  });
}

import { describe, expect, it } from 'vitest';
import { numaFit } from '../../../src/constraints/rules/numa-fit.ts';
import type { Host } from '../../../src/model/host.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCell, aCloud, aContext, aHost, anArrival, aServer, serverId } from '../../support/builders.ts';
import { aPlacedCell, aPool, placedOn, without } from '../../support/parts.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const pinned = { 'hw:cpu_policy': 'dedicated' };
const large = { ...pinned, 'hw:mem_page_size': 'large' };

const aPinned = (name: string, host: string, over: Parameters<typeof aServer>[2] = {}) =>
  aServer(name, host, { vcpus: 4, extraSpecs: pinned, ...over });

const facing = (to: Host, server = aPinned('s1', 'h1')) =>
  aContext(aCloud({ hosts: [aHost('h1', { pcpu: 8 }), to], servers: [server] }), { allow: ['cold'] });

describe('numa-fit', () => {
  it('lets a server without a NUMA topology go anywhere', () => {
    const context = facing(without(aHost('h2'), 'cells'), aServer('s1', 'h1'));

    expect(say(numaFit, context, 's1', 'h2')).toBe('yes');
  });

  it('takes a server with a NUMA topology to no host that has no cells, and any other there', () => {
    const flat = aHost('h2', { pcpu: 8, cells: [] });

    expect(say(numaFit, facing(flat), 's1', 'h2')).toBe('h2: needs 1 NUMA cell, the host has 0');
    expect(say(numaFit, facing(flat, aServer('s1', 'h1')), 's1', 'h2')).toBe('yes');
  });

  it('wants free pinned CPUs on one cell', () => {
    const free = (pinnedCpus: readonly number[]) =>
      facing(aHost('h2', { pcpu: 6, cells: [aCell(0, { cores: 3, pinned: pinnedCpus })] }));

    expect(say(numaFit, free([0, 1]), 's1', 'h2')).toBe('yes');
    expect(say(numaFit, free([0, 1, 2]), 's1', 'h2')).toBe('h2 NUMA cell 0: needs 4 pinned CPUs, 3 free');
  });

  it('puts each guest cell on a cell of its own', () => {
    const server = aPinned('s1', 'h1', { extraSpecs: { ...pinned, 'hw:numa_nodes': '2' } });
    const two = facing(aHost('h2', { cells: [aCell(0, { cores: 1 }), aCell(1, { cores: 1 })] }), server);
    const one = facing(aHost('h2', { cells: [aCell(0, { cores: 4 })] }), server);

    expect(say(numaFit, two, 's1', 'h2')).toBe('yes');
    expect(say(numaFit, one, 's1', 'h2')).toBe('h2: needs 2 NUMA cells, the host has 1');
  });

  it('keeps floating vCPUs and memory within the ratios of the compute node', () => {
    const server = aServer('s1', 'h1', { vcpus: 4, memoryGiB: 8, extraSpecs: { 'hw:numa_nodes': '1' } });
    const cell = { ...aCell(0, { cores: 4, shared: 2, memoryMiB: 16384 }), sharedCpusUsed: 14 };
    const ask = (over: Partial<Host>) =>
      say(numaFit, facing(aHost('h2', { cells: [cell], ...over }), server), 's1', 'h2');

    expect(ask({ cpuAllocationRatio: 4.5 })).toBe('yes');
    expect(ask({ cpuAllocationRatio: 4 })).toBe(
      'h2 NUMA cell 0: would put 18 floating vCPUs on the cell, the ratio allows 16',
    );
    // Placement's ratio, where the compute node does not tell its own.
    expect(ask({})).toBe('h2 NUMA cell 0: would put 18 floating vCPUs on the cell, the ratio allows 4');
    expect(ask({ cpuAllocationRatio: 16, cells: [{ ...cell, memoryUsedMiB: 9000 }] })).toBe(
      'h2 NUMA cell 0: would use 17192 MiB of the cell, the ratio allows 16384',
    );
  });

  it('refuses what Nova would accept and then fail to pin', () => {
    const isolating = {
      ...pinned,
      'hw:cpu_thread_policy': 'isolate',
      'hw:emulator_threads_policy': 'isolate',
    };
    const cell = aCell(0, { cores: 2, pinned: [1] });
    const legacy = { ...cell, sharedCpus: cell.dedicatedCpus };
    const context = facing(
      aHost('h2', { cells: [legacy] }),
      aPinned('s1', 'h1', { vcpus: 1, extraSpecs: isolating }),
    );

    expect(say(numaFit, context, 's1', 'h2')).toBe(
      'h2: Nova would accept the server and then fail to pin its emulator thread',
    );
  });

  it('leaves missing devices to the rule about devices', () => {
    const request = {
      count: 1,
      specs: [{ vendor_id: '8086' }],
      source: { kind: 'alias', alias: 'vf' },
    } as const;
    const server = aPinned('s1', 'h1', { pciRequests: [request] });

    expect(say(numaFit, facing(aHost('h2', { pcpu: 8 }), server), 's1', 'h2')).toBe('yes');
    expect(say(numaFit, facing(aHost('h2', { pcpu: 8, pciPools: [aPool(1)] }), server), 's1', 'h2')).toBe(
      'yes',
    );
  });

  it('does not know what fits on a host whose cells no source told', () => {
    const context = facing(without(aHost('h2'), 'cells'));

    expect(say(numaFit, context, 's1', 'h2')).toBe(
      'unknown, safe no: NUMA cells of some hosts are not known: servers with a NUMA topology stay [hosts[].layout, hosts[].numaUsage]',
    );
    expect(allowedHosts(numaFit.compile(context), 's1')).toEqual(['h1']);
  });

  it('does not know whether a server has a topology of which neither image nor topology is told', () => {
    const server = without(aServer('s1', 'h1'), 'imageProperties', 'topology');

    expect(say(numaFit, facing(aHost('h2'), server), 's1', 'h2')).toBe(
      'unknown, safe no: whether some servers have a NUMA topology is not known: they stay [servers[].imageProperties, servers[].topology]',
    );
  });

  it('blames requests that are not known, not the host', () => {
    const extraSpecs = { ...pinned, 'pci_passthrough:alias': 'vf:1' };
    const server = without(aPinned('s1', 'h1', { extraSpecs }), 'pciRequests');

    expect(say(numaFit, facing(aHost('h2', { pcpu: 8 }), server), 's1', 'h2')).toBe(
      'unknown, safe no: the PCI requests of some servers are not known: they stay [servers[].pciRequests]',
    );
  });

  it('holds cells at both ends until the migration completes', () => {
    const cells = [aCell(0, { cores: 2, pinned: [0, 1, 500, 501] })];
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { cells }), aHost('h2', { cells: [aCell(0, { cores: 2 })] }), aHost('h3')],
        servers: [
          aPinned('s1', 'h1', { topology: placedOn(aPlacedCell(0, [0, 1, 500, 501])) }),
          aPinned('s2', 'h3'),
        ],
      }),
    );
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2') });

    const onItsWay = ['h1', 'h2'].map((to) => say(numaFit, context, 's2', to, {}, state));
    state.apply({ kind: 'complete', server: serverId('s1') });
    const after = ['h1', 'h2'].map((to) => say(numaFit, context, 's2', to, {}, state));

    expect(onItsWay).toEqual([
      'h1 NUMA cell 0: needs 4 pinned CPUs, 0 free',
      'h2 NUMA cell 0: needs 4 pinned CPUs, 0 free',
    ]);
    expect(after).toEqual(['yes', 'h2 NUMA cell 0: needs 4 pinned CPUs, 0 free']);
  });
});

describe('numa-fit for a live migration', () => {
  const bigPages = aHost('h2', { cells: [aCell(0, { cores: 4, bigPages: 8 })] });
  const { pages, ...cell } = aCell(0, { cores: 4 });
  const smallerPages = aHost('h2', {
    cells: [{ ...cell, pages: [...pages, { sizeKiB: 2048, total: 8192, used: 0, reserved: 0 }] }],
  });
  const onBigPages = aPinned('s1', 'h1', {
    extraSpecs: large,
    topology: placedOn(aPlacedCell(0, [0, 1, 500, 501], { pageSizeKiB: 1048576 })),
  });

  it('wants pages of the size that the server has now, where it asked for none in particular', () => {
    expect(say(numaFit, facing(bigPages, onBigPages), 's1', 'h2')).toBe('yes');
    expect(say(numaFit, facing(smallerPages, onBigPages), 's1', 'h2')).toBe(
      'h2: would get 2M pages and has 1G pages: allow cold',
    );
    expect(say(numaFit, facing(smallerPages, onBigPages), 's1', 'h2', { method: 'cold' })).toBe('yes');
  });

  it('does not know that when no source told the pages that it has', () => {
    const unplaced = without(onBigPages, 'topology');

    expect(say(numaFit, facing(bigPages, unplaced), 's1', 'h2')).toBe(
      'unknown, safe no: the page sizes that some servers have now are not known: they stay [servers[].topology]',
    );
  });

  it('needs no more than the size itself where one was asked for', () => {
    const server = aPinned('s1', 'h1', { extraSpecs: { ...pinned, 'hw:mem_page_size': '1GB' } });

    expect(say(numaFit, facing(bigPages, server), 's1', 'h2')).toBe('yes');
  });

  it('compares with the pages of a stop-over, not with those of long ago', () => {
    const hosts = [
      aHost('h1', { cells: [aCell(0, { bigPages: 8 })] }),
      smallerPages,
      aHost('h3', { cells: [aCell(0, { bigPages: 8 })] }),
    ];
    const context = aContext(aCloud({ hosts, servers: [onBigPages] }), { allow: ['cold'] });
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2', { method: 'cold' }) });
    state.apply({ kind: 'complete', server: serverId('s1') });
    state.apply({ kind: 'confirm', server: serverId('s1') });

    expect(say(numaFit, context, 's1', 'h3', {}, state)).toBe(
      'h3: would get 1G pages and has 2M pages: allow cold',
    );
  });
});

describe('what numa-fit finds broken', () => {
  const overbooked = aCell(0, { bigPages: 4, bigPagesUsed: 4 });
  const reserving = {
    ...overbooked,
    pages: overbooked.pages.map((page) => (page.sizeKiB === 1048576 ? { ...page, reserved: 1 } : page)),
  };
  const big = placedOn(aPlacedCell(0, [0], { pageSizeKiB: 1048576 }), aPlacedCell(1, [1000]));

  it('reports huge pages that are in use though reserved, with the servers on such pages', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { cells: [reserving, aCell(1)] })],
        servers: [
          aPinned('s1', 'h1', { topology: big }),
          aPinned('s2', 'h1', { topology: placedOn(aPlacedCell(0, [1])) }),
        ],
      }),
    );

    expect(broken(numaFit, createState(context))).toEqual(['h1 NUMA cell 0: 4 of 3 1G pages in use (s1)']);
  });

  it('reports two servers on one CPU', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { cells: [aCell(0, { cores: 4, pinned: [0, 500] })] })],
        servers: [
          aPinned('s1', 'h1', { topology: placedOn(aPlacedCell(0, [0, 500])) }),
          aPinned('s2', 'h1', { topology: placedOn(aPlacedCell(0, [0])) }),
          aPinned('s3', 'h1', { topology: placedOn(aPlacedCell(0, [1])) }),
        ],
      }),
    );

    expect(broken(numaFit, createState(context))).toEqual(['h1 NUMA cell 0: CPUs pinned twice: 1 (s1, s2)']);
  });

  it('reports nothing on a host that is merely full', () => {
    const context = aContext(aCloud({ hosts: [aHost('h1', { cells: [overbooked] })] }));

    expect(broken(numaFit, createState(context))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { numaFit } from '../../../src/constraints/rules/numa-fit.ts';
import type { Profile } from '../../../src/model/profile.ts';
import { aCell, aCloud, aContext, aHost, aServer, zedProfile } from '../../support/builders.ts';
import { aPlacedCell, placedOn } from '../../support/parts.ts';
import { allowedHosts } from '../../support/say.ts';

const pinned = { 'hw:cpu_policy': 'dedicated' };

const aPinned = (name: string, host: string, over: Parameters<typeof aServer>[2] = {}) =>
  aServer(name, host, { vcpus: 4, extraSpecs: pinned, ...over });

describe('what numa-fit compiles to', () => {
  const cloud = aCloud({
    hosts: [
      aHost('h1', { cells: [aCell(0, { cores: 3, pinned: [0, 1, 2, 500], memoryUsedMiB: 5000 })] }),
      aHost('h2', {
        cells: [aCell(0, { cores: 1, memoryMiB: 8192 }), aCell(1, { cores: 2, memoryMiB: 8192 })],
      }),
    ],
    servers: [
      aPinned('s1', 'h1', { vcpus: 3, topology: placedOn(aPlacedCell(0, [0, 1, 2])) }),
      aServer('s2', 'h1'),
    ],
  });

  it('allows the hosts on which the server would fit if no other were there', () => {
    const context = aContext(
      aCloud({
        hosts: [...cloud.hosts.values(), aHost('h3', { cells: [aCell(0, { cores: 1 })] })],
        servers: [...cloud.servers.values()],
      }),
    );

    expect(allowedHosts(numaFit.compile(context), 's1')).toEqual(['h1', 'h2']);
    expect(allowedHosts(numaFit.compile(context), 's2')).toBe('any');
  });

  it('offers on each cell what no server of the cloud holds', () => {
    const [fit] = numaFit.compile(aContext(cloud)).filter(({ kind }) => kind === 'cellFit');

    expect(fit).toEqual({
      kind: 'cellFit',
      rule: 'numa-fit',
      hosts: new Map([
        [
          'h1',
          [
            {
              id: 0,
              threads: 5,
              memoryMiB: 64632,
              pages: new Map([
                [4, 16777216],
                [1048576, 0],
              ]),
            },
          ],
        ],
        [
          'h2',
          [
            {
              id: 0,
              threads: 2,
              memoryMiB: 8192,
              pages: new Map([
                [4, 2097152],
                [1048576, 0],
              ]),
            },
            {
              id: 1,
              threads: 4,
              memoryMiB: 8192,
              pages: new Map([
                [4, 2097152],
                [1048576, 0],
              ]),
            },
          ],
        ],
      ]),
      guests: new Map([['s1', [{ threads: 3, memoryMiB: 4096, pages: new Map() }]]]),
      held: new Map([['s1', [{ cell: 0, need: { threads: 3, memoryMiB: 4096, pages: new Map() } }]]]),
    });
  });

  it('counts no memory of servers that are not pinned: a ratio may let more of them in', () => {
    const floating = aServer('s1', 'h1', {
      extraSpecs: { 'hw:numa_nodes': '1' },
      topology: placedOn(aPlacedCell(0, [], { sharedVcpus: [0, 1] })),
    });

    const [fit] = numaFit
      .compile(aContext(aCloud({ servers: [floating] })))
      .filter(({ kind }) => kind === 'cellFit');

    const nothing = { threads: 0, memoryMiB: 0, pages: new Map() };
    expect(fit).toMatchObject({
      guests: new Map([['s1', [nothing]]]),
      held: new Map([['s1', [{ cell: 0, need: nothing }]]]),
    });
  });

  it('counts no memory where the release checks free pages only', () => {
    const profile: Profile = {
      ...zedProfile,
      switches: { ...zedProfile.switches, pinnedChecksFreeSmallPages: true },
    };

    const [fit] = numaFit.compile(aContext(cloud, { profile })).filter(({ kind }) => kind === 'cellFit');

    expect(fit).toMatchObject({
      guests: new Map([['s1', [{ threads: 3, memoryMiB: 0, pages: new Map() }]]]),
    });
  });

  it('asks for whole pages of a size that the flavor names', () => {
    const extraSpecs = { ...pinned, 'hw:mem_page_size': '1GB', 'hw:emulator_threads_policy': 'isolate' };
    const context = aContext(aCloud({ servers: [aPinned('s1', 'h1', { extraSpecs })] }));

    const [fit] = numaFit.compile(context).filter(({ kind }) => kind === 'cellFit');

    expect(fit).toMatchObject({
      guests: new Map([['s1', [{ threads: 5, memoryMiB: 4096, pages: new Map([[1048576, 4]]) }]]]),
    });
  });

  it('holds the pages that a server asked for, and none of those that it did not', () => {
    const cells = [aCell(0, { bigPages: 8, bigPagesUsed: 4, pinned: [0, 1] })];
    const asked = { ...pinned, 'hw:mem_page_size': '1GB' };
    const onPages = placedOn(aPlacedCell(0, [0], { pageSizeKiB: 1048576 }));
    const servers = [
      aPinned('s1', 'h1', { extraSpecs: asked, topology: onPages }),
      aPinned('s2', 'h1', { topology: placedOn(aPlacedCell(0, [1])) }),
    ];

    const [fit] = numaFit
      .compile(aContext(aCloud({ hosts: [aHost('h1', { cells })], servers })))
      .filter(({ kind }) => kind === 'cellFit');

    expect(fit).toMatchObject({
      held: new Map([
        ['s1', [{ cell: 0, need: { threads: 1, memoryMiB: 4096, pages: new Map([[1048576, 4]]) } }]],
        ['s2', [{ cell: 0, need: { threads: 1, memoryMiB: 4096, pages: new Map() } }]],
      ]),
    });
  });

  it('compiles to nothing in a cloud without NUMA topologies', () => {
    expect(numaFit.compile(aContext(aCloud({ servers: [aServer('s1', 'h1')] })))).toEqual([]);
  });
});

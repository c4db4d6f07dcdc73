import { describe, expect, it } from 'vitest';
import { antiAffinity } from '../../src/constraints/rules/anti-affinity.ts';
import type { Method } from '../../src/constraints/arrival.ts';
import { judgeArrival } from '../../src/replay/legality.ts';
import type { ReplayEvent } from '../../src/replay/event.ts';
import { createState, type State } from '../../src/replay/state.ts';
import {
  aCell,
  aCloud,
  aContext,
  aGroup,
  aHost,
  anArrival,
  aServer,
  hostId,
  providerId,
  serverId,
} from '../support/builders.ts';
import { aDevice, aPlacedCell, aPool, placedOn } from '../support/parts.ts';

const s1 = serverId('s1');
const bigPage = 1_048_576;
const host = (name: string, pinned: readonly number[], bigPagesUsed: number) =>
  aHost(name, { pcpu: 4, cells: [aCell(0, { cores: 2, bigPages: 8, bigPagesUsed, pinned })] });

/** Two pinned CPUs, four pages of 1 GiB and a device on h1; another member of its group waits elsewhere. */
const context = aContext(
  aCloud({
    hosts: [
      {
        ...host('h1', [0, 500], 4),
        pciDevices: [aDevice('0000:01:00.0', { status: 'allocated', server: 's1' })],
      },
      { ...host('h2', [], 0), pciPools: [aPool(1)] },
      aHost('h3'),
    ],
    servers: [
      aServer('s1', 'h1', {
        vcpus: 2,
        memoryGiB: 4,
        extraSpecs: { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '1GB' },
        topology: placedOn(aPlacedCell(0, [0, 500], { pageSizeKiB: bigPage })),
        pciRequests: [{ count: 1, specs: [{ vendor_id: '8086' }], source: { kind: 'alias', alias: 'vf' } }],
        pciDevices: ['0000:01:00.0'],
      }),
      aServer('s2', 'h3'),
    ],
    groups: [aGroup(['s1', 's2'], { policy: 'anti-affinity' })],
  }),
);

/** What is held on a host: Placement's units, pins, pages, devices, and its place in the group. */
const heldOn = (state: State, name: string) => {
  const at = state.hostState(hostId(name));
  const cell = at?.cells[0];
  const used = (resource: string): number => state.used(providerId(`rp-${name}`), resource);
  const toHere = anArrival(context, 's2', name);
  return {
    memoryMiB: used('MEMORY_MB'),
    pcpus: used('PCPU'),
    pins: 4 - (cell?.freeDedicatedCpus ?? NaN),
    bigPages: cell?.pagesUsed[1],
    devices: 1 - (at?.pciFree[0] ?? NaN),
    member: judgeArrival(toHere, state, [antiAffinity]).refusals.length,
  };
};
const all = { memoryMiB: 4096, pcpus: 2, pins: 2, bigPages: 4, devices: 1, member: 1 };
const nothing = { memoryMiB: 0, pcpus: 0, pins: 0, bigPages: 0, devices: 0, member: 0 };
const ends = (state: State) => ['h1', 'h2'].map((name) => heldOn(state, name));

const complete: ReplayEvent = { kind: 'complete', server: s1 };
const confirm: ReplayEvent = { kind: 'confirm', server: s1 };

describe('what a running migration holds at both ends', () => {
  const request = (method: Method): ReplayEvent => ({
    kind: 'request',
    arrival: anArrival(context, 's1', 'h2', { method }),
  });

  it.each(['live', 'cold', 'evacuate'] as const)('is everything from the request of %s on', (method) => {
    const state = createState(context);

    expect(ends(state)).toEqual([all, nothing]);
    state.apply(request(method));
    expect(ends(state)).toEqual([all, all]);
  });

  it.each([
    ['live', [complete]],
    ['cold', [complete, confirm]],
  ] as const)('is freed at the source of %s when it has ended, and not before', (method, events) => {
    const state = createState(context);
    state.apply(request(method));

    for (const event of events) {
      expect(ends(state)).toEqual([all, all]);
      state.apply(event);
    }

    expect(ends(state)).toEqual([nothing, all]);
  });

  it('stays held on the host that a server was evacuated from, but for its place in the group', () => {
    const state = createState(context);
    state.apply(request('evacuate'));

    state.apply(complete);

    expect(ends(state)).toEqual([{ ...all, member: 0 }, all]);
  });

  it.each(['live', 'cold', 'evacuate'] as const)('is freed at the destination when %s fails', (method) => {
    const state = createState(context);
    state.apply(request(method));

    state.apply({ kind: 'fail', server: s1 });

    expect(ends(state)).toEqual([all, nothing]);
  });
});

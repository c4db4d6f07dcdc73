import { describe, expect, it } from 'vitest';
import type { RuleContext } from '../../src/constraints/context.ts';
import type { Migration } from '../../src/model/migration.ts';
import type { PciRequest } from '../../src/model/pci.ts';
import type { Server } from '../../src/model/server.ts';
import { createState, type State } from '../../src/replay/state.ts';
import {
  aCell,
  aCloud,
  aContext,
  aHost,
  anArrival,
  aServer,
  hostId,
  providerId,
  serverId,
} from '../support/builders.ts';
import { aDevice, aPlacedCell, aPool, placedOn, without } from '../support/parts.ts';

const s1 = serverId('s1');
const pinned = { 'hw:cpu_policy': 'dedicated' };

const request = (state: State, context: RuleContext, to = 'h2', over: Parameters<typeof anArrival>[3] = {}) =>
  state.apply({ kind: 'request', arrival: anArrival(context, 's1', to, over) });

describe('NUMA cells and devices', () => {
  const request1: PciRequest = {
    count: 1,
    specs: [{ vendor_id: '8086' }],
    source: { kind: 'alias', alias: 'vf' },
  };
  const guest = aServer('s1', 'h1', {
    vcpus: 3,
    extraSpecs: pinned,
    topology: placedOn(aPlacedCell(0, [0, 500, 1])),
    pciRequests: [request1],
    pciDevices: ['0000:01:00.0'],
  });
  const cloudOf = (server: Server) =>
    aCloud({
      hosts: [
        aHost('h1', {
          pcpu: 4,
          cells: [aCell(0, { cores: 2, pinned: [0, 500, 1], memoryUsedMiB: 4096 })],
          pciDevices: [aDevice('0000:01:00.0', { status: 'allocated', server: 's1' })],
        }),
        aHost('h2', { pcpu: 4, cells: [aCell(0, { cores: 2 })], pciPools: [aPool(2)] }),
      ],
      servers: [server],
    });
  const context = aContext(cloudOf(guest));
  const seen = (state: State) =>
    ['h1', 'h2'].map((host) => {
      const at = state.hostState(hostId(host));
      const cell = at?.cells[0];
      return {
        free: [...(cell?.freeThreads ?? [])],
        memoryMiB: cell?.memoryUsedMiB,
        devices: [...(at?.pciFree ?? [])],
      };
    });
  const full = { free: [0, 1], memoryMiB: 4096, devices: [0] };
  const taken = { free: [0, 1], memoryMiB: 4096, devices: [1] };
  const free = { free: [2, 2], memoryMiB: 0, devices: [2] };

  it('are taken at the request and freed only when the migration completes', () => {
    const state = createState(context);
    const start = seen(state);

    const undo = request(state, context);
    const onItsWay = seen(state);
    const undoComplete = state.apply({ kind: 'complete', server: s1 });
    const done = seen(state);
    undoComplete();
    undo();

    expect(start).toEqual([full, free]);
    expect(onItsWay).toEqual([full, taken]);
    expect(done).toEqual([{ free: [2, 2], memoryMiB: 0, devices: [1] }, taken]);
    expect(seen(state)).toEqual(start);
  });

  it('are predicted as Nova will choose them, and the prediction follows every change', () => {
    const state = createState(context);
    const cells = () => state.predict(s1, hostId('h2'), 'live')?.cells.map(({ threads }) => threads);

    const before = cells();
    const undo = request(state, context);
    const full = cells();
    undo();

    expect(before).toEqual([
      [
        [0, 2],
        [1, 1],
      ],
    ]);
    expect(full).toBeUndefined();
    expect(cells()).toEqual(before);
  });

  it('remember a fit until the host changes', () => {
    const state = createState(context);
    const first = state.fit(s1, hostId('h2'));

    expect(state.fit(s1, hostId('h2'))).toBe(first);

    state.apply({ kind: 'service', host: hostId('h2'), status: 'disabled' });
    expect(state.fit(s1, hostId('h2'))).toBe(first);

    request(state, context);
    expect(state.fit(s1, hostId('h2'))).not.toBe(first);
  });

  it('are not claimed by a request that does not fit, though its amounts are', () => {
    const tight = aContext(
      aCloud({
        hosts: [...cloudOf(guest).hosts.values()].map((host) =>
          host.id === 'h2' ? { ...host, pciPools: [] } : host,
        ),
        servers: [guest],
      }),
    );
    const state = createState(tight);

    request(state, tight);

    expect(state.claimsOf(s1)[1]?.guest).toBeUndefined();
    expect(state.used(providerId('rp-h2'), 'PCPU')).toBe(3);
  });

  it('fit everywhere for a server that asks for none, and nowhere known where the cells are not told', () => {
    const hosts = [aHost('h1'), without(aHost('h2'), 'cells')];
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h1', { extraSpecs: pinned })];
    const state = createState(aContext(aCloud({ hosts, servers })));

    expect(state.fit(s1, hostId('h2'))).toEqual({ fits: true, cells: [], pci: [], collides: false });
    expect(state.fit(serverId('s2'), hostId('h2'))).toBeUndefined();
    expect(state.hostState(hostId('h2'))).toBeUndefined();
  });

  it('that no resident explains stay in use when all have left', () => {
    const [h1, h2] = [...cloudOf(guest).hosts.values()];
    if (h1 === undefined || h2 === undefined) throw new Error('the cloud has two hosts');
    const crowded = aContext(
      aCloud({
        hosts: [
          { ...h1, cells: [aCell(0, { cores: 2, pinned: [0, 500, 1, 501], memoryUsedMiB: 9096 })] },
          h2,
        ],
        servers: [guest],
      }),
    );
    const state = createState(crowded);

    request(state, crowded);
    state.apply({ kind: 'complete', server: s1 });

    expect(seen(state)[0]).toEqual({ free: [2, 1], memoryMiB: 5000, devices: [1] });
  });

  it('of a migration in flight from before stay in use at its other end', () => {
    const migration: Migration = {
      id: 1,
      server: s1,
      type: 'migration',
      status: 'finished',
      source: hostId('h2'),
      destination: hostId('h1'),
    };
    const [h1] = [...cloudOf(guest).hosts.values()];
    if (h1 === undefined) throw new Error('the cloud has a host');
    const occupied = aHost('h2', {
      cells: [aCell(0, { cores: 2, pinned: [0, 500, 1], memoryUsedMiB: 4096 })],
    });
    const state = createState(
      aContext({ ...aCloud({ hosts: [h1, occupied], servers: [guest] }), migrations: [migration] }),
    );

    expect(state.claimsOn(hostId('h2'))[0]?.guest).toBeUndefined();
    expect(seen(state)[1]).toEqual({ free: [0, 1], memoryMiB: 4096, devices: [] });
  });
});

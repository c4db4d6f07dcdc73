import { describe, expect, it } from 'vitest';
import { emptied, occupiedHost } from '../../src/constraints/occupied-host.ts';
import type { Host } from '../../src/model/host.ts';
import type { Server } from '../../src/model/server.ts';
import type { HostState } from '../../src/nova/host-state.ts';
import { aCell, aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { aPlacedCell, placedOn, without } from '../support/parts.ts';

const resident = (name: string, cpus: readonly number[], over: Partial<Server> = {}): Server =>
  aServer(name, 'h1', { topology: placedOn(aPlacedCell(0, cpus)), ...over });

const occupy = (host: Host, servers: readonly Server[]) => {
  const occupied = occupiedHost(host, servers, aContext(aCloud({ hosts: [host], servers })));
  if (occupied === undefined) throw new Error('the cells of the host are known');
  return occupied;
};

const inUse = (state: HostState) =>
  state.cells.map((cell) => ({
    free: [...cell.freeThreads],
    memoryMiB: cell.memoryUsedMiB,
    floating: cell.sharedCpusUsed,
    bigPages: cell.pagesUsed[1],
  }));

describe('occupiedHost', () => {
  it('is undefined when no source told the cells', () => {
    const host = without(aHost('h1'), 'cells');

    expect(occupiedHost(host, [], aContext(aCloud({ hosts: [host] })))).toBeUndefined();
  });

  it('has in use what the host says, and knows what each resident holds of it', () => {
    const cell = aCell(0, { cores: 2, pinned: [0, 1, 501], memoryUsedMiB: 9000 });
    const server = resident('s1', [0, 1]);

    const occupied = occupy(aHost('h1', { cells: [cell] }), [server]);

    expect(inUse(occupied.state)).toEqual([{ free: [1, 0], memoryMiB: 9000, floating: 0, bigPages: 0 }]);
    expect(occupied.held.get(server.id)?.cells[0]?.threads).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('counts what residents hold where the host tells no usage, so that no room comes free that never was', () => {
    const cell = aCell(0, { cores: 2, bigPages: 8 });
    const bigPages = placedOn(
      aPlacedCell(0, [0, 500], { pageSizeKiB: 1048576, sharedVcpus: [2, 3], memoryMiB: 2048 }),
    );

    const occupied = occupy(aHost('h1', { cells: [cell] }), [
      resident('s1', [], { topology: bigPages }),
      resident('s2', [1]),
    ]);

    expect(inUse(occupied.state)).toEqual([{ free: [0, 1], memoryMiB: 6144, floating: 2, bigPages: 2 }]);
    expect(inUse(emptied(occupied))).toEqual([{ free: [2, 2], memoryMiB: 0, floating: 0, bigPages: 0 }]);
  });
});

describe('emptied', () => {
  it('keeps usage that no resident explains', () => {
    const cell = aCell(0, {
      cores: 2,
      pinned: [0, 1, 501],
      memoryUsedMiB: 9000,
      bigPages: 8,
      bigPagesUsed: 3,
    });

    const occupied = occupy(aHost('h1', { cells: [cell] }), [resident('s1', [0, 1])]);

    expect(inUse(emptied(occupied))).toEqual([{ free: [2, 1], memoryMiB: 4904, floating: 0, bigPages: 3 }]);
    expect(inUse(occupied.state)).toEqual([{ free: [1, 0], memoryMiB: 9000, floating: 0, bigPages: 3 }]);
  });
});

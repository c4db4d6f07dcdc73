import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/model/server.ts';
import { migrationVolume } from '../../src/objective/volume.ts';
import { aFlavor, aServer } from '../support/builders.ts';
import { without } from '../support/parts.ts';

const flavor = { ...aFlavor(2, 8), rootGiB: 20, ephemeralGiB: 5, swapMiB: 1025 };
const server = aServer('s1', 'h1', {
  flavor,
  localDisks: [
    { kind: 'root', sizeGiB: 20 },
    { kind: 'config-drive', sizeGiB: 0 },
    { kind: 'ephemeral', sizeGiB: 7 },
  ],
});
const untold = (over: Partial<Server> = {}) => without({ ...server, ...over }, 'localDisks');

describe('migrationVolume', () => {
  it('is the memory of the flavor alone where no disk is copied', () => {
    expect(migrationVolume(server, 'shared')).toEqual({ server: 's1', memoryMiB: 8192, diskGiB: 0 });
    expect(migrationVolume(server, 'volume')).toEqual({ server: 's1', memoryMiB: 8192, diskGiB: 0 });
  });

  it('adds the local disks where they are copied', () => {
    expect(migrationVolume(server, 'block')).toEqual({ server: 's1', memoryMiB: 8192, diskGiB: 27 });
  });

  it('goes by the flavor when no source told the disks: root, ephemeral and swap in whole GiB', () => {
    expect(migrationVolume(untold(), 'block').diskGiB).toBe(27);
    expect(migrationVolume(untold({ bootFromVolume: true }), 'block').diskGiB).toBe(7);
  });
});

import type { LocalDisk, Server } from './server.ts';

/** Disks that are not volumes; where no source lists them, those that the flavor gives. */
export const localDisksOf = ({
  flavor,
  localDisks,
  bootFromVolume,
}: Pick<Server, 'flavor' | 'localDisks' | 'bootFromVolume'>): readonly LocalDisk[] =>
  localDisks ?? [
    { kind: 'root', sizeGiB: bootFromVolume === true ? 0 : flavor.rootGiB },
    { kind: 'ephemeral', sizeGiB: flavor.ephemeralGiB },
    { kind: 'swap', sizeGiB: flavor.swapMiB / 1024 },
  ];

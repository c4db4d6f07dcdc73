import type { Cloud } from '../../src/model/cloud.ts';
import { createRng } from '../../src/shared/rng.ts';
import { cloudOf } from './random-cloud.ts';

/**
 * A cloud of so many equal hosts in one zone and so many servers, a fifth of them pinned, dealt out at random; the same
 * for the same seed. Servers that fit nowhere are left out.
 */
export function generatedCloud(hosts: number, servers: number, seed: number): Cloud {
  const rng = createRng(seed);
  return cloudOf({
    hosts: Array.from({ length: hosts }, () => ({ cells: 2, cores: 4, pages: 4, vfs: 0, zone: 'a' })),
    servers: Array.from({ length: servers }, () => ({
      vcpus: 1 + rng.nextInt(2),
      memoryGiB: 1 + rng.nextInt(3),
      pinnedCells: rng.nextInt(5) === 0 ? 1 : 0,
      hugePages: false,
      vf: false,
      home: rng.nextInt(hosts),
      locked: false,
      stopped: false,
      bound: false,
    })),
    groups: Array.from({ length: Math.floor(hosts / 10) }, () =>
      Array.from({ length: 3 }, () => rng.nextInt(servers)),
    ),
    overfull: false,
    together: false,
    hostKinds: [],
    serverKinds: [],
  });
}

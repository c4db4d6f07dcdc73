import { createRng } from '../../../src/shared/rng.ts';
import type { MvmInstance, MvmMigration } from './instance.ts';

/**
 * Racks that are emptied, in the style of mVM's scaling experiment: groups of three racks of 24 nodes each, with links of
 * 1 Gb/s and an uplink of 10 Gb/s a rack. The nodes of two racks each give their 2 VMs to nodes of the third, which
 * takes 4 a node: 96 migrations a group, 1,728 in 18 groups.
 */
export function racksInstance(groups: number, seed: number): MvmInstance {
  const rng = createRng(seed);
  const racks = Array.from({ length: groups * racksPerGroup }, (_, rack) =>
    Array.from({ length: nodesPerRack }, (__, node) => `r${rack}n${node}`),
  );
  const isTaking = (rack: number): boolean => rack % racksPerGroup === racksPerGroup - 1;
  const seats = Array.from({ length: groups }, (_, group) =>
    rng.shuffle(
      (racks[group * racksPerGroup + racksPerGroup - 1] ?? []).flatMap((node) =>
        new Array<string>(2 * vmsPerNode).fill(node),
      ),
    ),
  );
  const migrations = racks.flatMap((nodes, rack) =>
    isTaking(rack)
      ? []
      : nodes.flatMap((from) =>
          Array.from({ length: vmsPerNode }, (_, vm): MvmMigration => {
            return {
              vm: `${from}v${vm}`,
              from,
              to: seats[Math.floor(rack / racksPerGroup)]?.pop() ?? '',
              memoryMB: 2000 + 500 * rng.nextInt(5),
              hotMB: 96,
              hotSeconds: 2,
              coldMBps: 2,
            };
          }),
        ),
  );
  return {
    linkMbps: new Map(racks.flat().map((node) => [node, 1000])),
    uplinks: racks.map((nodes, rack) => ({
      name: `uplink of rack ${rack}`,
      mbps: 10_000,
      nodes: new Set(nodes),
    })),
    migrations,
    amounts: [
      {
        name: 'cpu',
        needOf: new Map(migrations.map(({ vm }) => [vm, 1])),
        freeOn: new Map(
          racks.flatMap((nodes, rack) =>
            nodes.map((node) => [node, isTaking(rack) ? 2 * vmsPerNode : 0] as const),
          ),
        ),
      },
    ],
  };
}

const racksPerGroup = 3;
const nodesPerRack = 24;
const vmsPerNode = 2;

import { expect, it } from 'vitest';
import { rules } from '../../../src/constraints/registry.ts';
import type { MigrateCall } from '../../../src/execute/driver.ts';
import { noFaults } from '../../../src/execute/simulated/faults.ts';
import { createSimulated, type Simulated } from '../../../src/execute/simulated/simulated-driver.ts';
import type { PlacedTopology } from '../../../src/model/numa.ts';
import { aCell, aCloud, aContext, aHost, aServer, hostId, serverId } from '../../support/builders.ts';

const pinned = { vcpus: 2, extraSpecs: { 'hw:cpu_policy': 'dedicated' } };

const placed = (cpus: readonly number[]): { kind: 'placed'; topology: PlacedTopology } => ({
  kind: 'placed',
  topology: {
    cells: [
      {
        hostCellId: 0,
        sharedVcpus: [],
        dedicatedVcpus: [0, 1],
        pinning: cpus.map((cpu, vcpu) => [vcpu, cpu] as const),
        memoryMiB: 4096,
      },
    ],
  },
});

const host = (name: string, cpus: readonly number[]) =>
  aHost(name, { pcpu: 4, cells: [aCell(0, { cores: 2, pinned: cpus, memoryUsedMiB: 4096 })] });

/** Two hosts of two cores; a server with both threads of the first core on each. */
const simulated = (): Simulated =>
  createSimulated(
    {
      context: aContext(
        aCloud({
          hosts: [host('h1', [0, 500]), host('h2', [0, 500])],
          servers: [
            aServer('a', 'h1', { ...pinned, topology: placed([0, 500]) }),
            aServer('b', 'h2', { ...pinned, topology: placed([0, 500]) }),
          ],
        }),
      ),
      rules,
      seed: 1,
      faults: noFaults,
      secondsOf: () => ({ low: 1, expected: 2, high: 3 }),
    },
    0,
  );

async function migrate({ driver, clock }: Simulated, server: string, from: string, to: string) {
  const call: MigrateCall = {
    kind: 'live',
    server: serverId(server),
    from: hostId(from),
    to: hostId(to),
    microversion: '2.56',
    storage: 'shared',
    forced: false,
  };
  await driver.request(call);
  await clock.sleep(60);
}

const cpusOf = (simulation: Simulated, name: string): readonly number[] => {
  const topology = simulation.cloud().servers.get(serverId(name))?.topology;
  const cells: PlacedTopology['cells'] = topology?.kind === 'placed' ? topology.topology.cells : [];
  return cells.flatMap(({ pinning = [] }) => pinning.map(([, cpu]) => cpu));
};

it('gives a server that comes back CPUs that are free, and not those that it once had', async () => {
  const cloud = simulated();
  await migrate(cloud, 'a', 'h1', 'h2');
  await migrate(cloud, 'b', 'h2', 'h1');
  await migrate(cloud, 'a', 'h2', 'h1');

  const now = cloud.cloud();
  expect(now.servers.get(serverId('a'))?.host).toBe('h1');
  expect([...cpusOf(cloud, 'a'), ...cpusOf(cloud, 'b')].toSorted((x, y) => x - y)).toEqual([0, 1, 500, 501]);
  expect(now.hosts.get(hostId('h1'))?.cells?.[0]?.pinnedCpus).toEqual([0, 1, 500, 501]);
  expect(now.hosts.get(hostId('h2'))?.cells?.[0]?.pinnedCpus).toEqual([]);
});

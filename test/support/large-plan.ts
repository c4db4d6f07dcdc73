import type { RuleContext } from '../../src/constraints/context.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { MigrationStep, Plan, ServiceStep, Step } from '../../src/plan/plan.ts';
import { timetableOf } from '../../src/plan/timetable.ts';
import { createState, type State } from '../../src/replay/state.ts';
import { transferOf } from '../../src/replay/transfer/transfer.ts';
import { latestEnd } from '../../src/shared/latest-end.ts';
import { aMigration, aPlan, aServiceStep } from '../report/sample-plan.ts';
import {
  aCell,
  aCloud,
  aContext,
  aGroup,
  aHost,
  aServer,
  hostId,
  serverGroupId,
  serverId,
} from './builders.ts';

interface LargePlan {
  readonly cloud: Cloud;
  readonly context: RuleContext;
  readonly plan: Plan;
}

const serversPerHost = 10;
const name = (kind: string, number: number): string => `${kind}-${String(number).padStart(5, '0')}`;
const uuid = (number: number): string =>
  `${number.toString(16).padStart(8, '5')}-7c1e-4f0a-9d3b-${(number * 7919).toString(16).padStart(12, '0')}`;

/**
 * A consolidation without any search: `freed` of the hosts are emptied onto the others, server by server, as fast as
 * one migration a host at a time goes. Half of the servers are pinned and have pages of 1 GiB.
 */
export function largePlan(hosts: number, freed: number): LargePlan {
  const cloud = largeCloud(hosts);
  const context = aContext(cloud);
  const steps = stepsOf(freed, hosts, context);
  const { summary } = aPlan([]);
  const moves = freed * serversPerHost;
  return {
    cloud,
    context,
    plan: aPlan(steps, {
      summary: {
        ...summary,
        hostsFreed: Array.from({ length: freed }, (_unused, host) => hostId(name('cmp', host))),
        moves,
        liveMigrations: moves,
        memoryGiB: moves * 8,
        expectedSeconds: latestEnd(steps),
      },
      timetable: timetableOf(steps, cloud),
      warnings: Array.from({ length: 40 }, (_unused, group) => ({
        code: 'plan.soft-groups',
        text: `members of soft group tier-${group} come together on fewer hosts`,
        steps: [`m${group + 1}`],
      })),
    }),
  };
}

function largeCloud(count: number): Cloud {
  const cell = (id: number) => aCell(id, { cores: 40, shared: 8, memoryMiB: 262_144, bigPages: 200 });
  const hosts = Array.from({ length: count }, (_, host) =>
    aHost(name('cmp', host), {
      vcpu: 128,
      pcpu: 128,
      memoryMiB: 524_288,
      diskGiB: 4000,
      zone: `az-${host % 3}`,
      rack: name('rack', Math.floor(host / 40)),
      cells: [cell(0), cell(1)],
      nics: [{ name: 'bond0', bandwidthMbps: 25_000 }],
    }),
  );
  const servers = Array.from({ length: count * serversPerHost }, (_, number) => {
    const pinned = number % 2 === 0;
    const cpus = Array.from({ length: 4 }, (_unused, cpu) => 8 + 4 * Math.floor((number % 10) / 4) + cpu);
    const hostCellId = (number >> 1) % 2;
    return aServer(uuid(number), name('cmp', Math.floor(number / serversPerHost)), {
      name: name(['web', 'db', 'app', 'cache', 'queue'][number % 5] ?? '', number),
      vcpus: 4,
      memoryGiB: 8,
      bootFromVolume: true,
      localDisks: [],
      ...(pinned && {
        extraSpecs: { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '1GB' },
        topology: {
          kind: 'placed',
          topology: {
            cells: [
              {
                hostCellId,
                sharedVcpus: [],
                dedicatedVcpus: [0, 1, 2, 3],
                pinning: cpus.map((cpu, vcpu) => [vcpu, hostCellId * 1000 + cpu] as const),
                memoryMiB: 8192,
                pageSizeKiB: 1_048_576,
              },
            ],
          },
        },
      }),
    });
  });
  const groups = Array.from({ length: count }, (_, group) =>
    aGroup([uuid(group * 3), uuid(((group + 300) % count) * 10 + 1)], {
      id: serverGroupId(name('group', group)),
      name: name('tier', group),
      policy: 'soft-anti-affinity',
    }),
  );
  return aCloud({ hosts, servers, groups });
}

function stepsOf(freed: number, hosts: number, context: RuleContext): readonly Step[] {
  const leaves = new Map<number, number>();
  const arrives = new Map<number, number>();
  const disables = Array.from({ length: freed }, (_, host) => disable(host));
  const trips = Array.from({ length: freed * serversPerHost }, (_, order) => {
    const [from, nth] = [order % freed, Math.floor(order / freed)];
    const to = freed + (order % (hosts - freed));
    const number = from * serversPerHost + nth;
    const start = Math.max(leaves.get(from) ?? 0, arrives.get(to) ?? 0);
    const step = move(number, from, to, start, context.cloud);
    leaves.set(from, step.endSeconds);
    arrives.set(to, step.endSeconds);
    return step;
  }).toSorted((a, b) => a.startSeconds - b.startSeconds);
  const state = createState(context);
  const last = new Map<string, string>();
  const moves = trips.map((trip, index): MigrationStep => {
    const id = `m${index + 1}`;
    const earlier = last.get(trip.to);
    last.set(trip.to, id);
    const cells = arrive(trip, state, context);
    return {
      ...trip,
      id,
      wave: 1 + Math.floor(trip.startSeconds / 60),
      requestAfter: earlier === undefined ? [] : [earlier],
      predicted: { ...trip.predicted, cells },
    };
  });
  return [...disables, ...moves];
}

const disable = (host: number): ServiceStep =>
  aServiceStep({
    id: `d${host + 1}`,
    host: hostId(name('cmp', host)),
    reason: `keeps new servers off ${name('cmp', host)} while it is emptied`,
  });

function move(number: number, from: number, to: number, startSeconds: number, cloud: Cloud): MigrationStep {
  const id = serverId(uuid(number));
  const server = cloud.servers.get(id);
  if (server === undefined) throw new Error(`no server ${number}`);
  const ends = { from: hostId(name('cmp', from)), to: hostId(name('cmp', to)) };
  const { bytes, seconds, downtimeMs, downtimeHighMs } = transferOf(
    { server, ...ends, method: 'live', storage: 'shared' },
    cloud,
  );
  const resource = number % 2 === 0 ? 'PCPU' : 'VCPU';
  return aMigration({
    ...ends,
    server: id,
    serverName: server.name,
    startSeconds,
    endSeconds: startSeconds + seconds.expected,
    dependsOn: [{ step: `d${from + 1}`, reason: `${ends.from} is disabled before it is emptied` }],
    reason: `frees ${ends.from}`,
    undo: {
      kind: 'possible',
      how: `live-migrate it back to ${ends.from}`,
      until: `others take what it needs on ${ends.from}`,
      needs: [`8192 MiB of memory on ${ends.from}`, `4 ${resource} on ${ends.from}`],
    },
    guards: [
      { kind: 'server-on-host', server: id, host: ends.from },
      { kind: 'server-status', server: id, status: 'ACTIVE' },
      { kind: 'server-flavor', server: id, flavor: server.flavor.name, vcpus: 4, memoryMiB: 8192 },
      { kind: 'service', host: ends.to, status: 'enabled', state: 'up' },
      { kind: 'free', host: ends.to, resource: 'MEMORY_MB', atLeast: 8192 },
      { kind: 'free', host: ends.to, resource, atLeast: 4 },
    ],
    predicted: { cells: [], bytes, seconds, downtimeMs, downtimeHighMs },
  });
}

/** The NUMA cells that the server gets. What comes to a host comes in this order, whenever others leave elsewhere. */
function arrive(
  { server: id, from, to, storage }: MigrationStep,
  state: State,
  { cloud }: RuleContext,
): MigrationStep['predicted']['cells'] {
  const server = cloud.servers.get(id);
  if (server === undefined) return [];
  const cells = state.predict(id, to, 'live')?.cells ?? [];
  state.apply({ kind: 'request', arrival: { server, from, to, method: 'live', storage } });
  state.apply({ kind: 'complete', server: id });
  return cells.map(({ hostCellId, pinnedCpuCount, pageSizeKiB }) => ({
    hostCellId,
    pinnedCpuCount,
    ...(pageSizeKiB !== undefined && { pageSizeKiB }),
  }));
}

import type { Primitive } from '../../../src/constraints/primitive.ts';
import type { Assignment } from '../../../src/model/cloud.ts';
import { type HostId, hostId, type ServerId, serverId } from '../../../src/model/ids.ts';
import type { RouteCost, Term } from '../../../src/objective/goal.ts';
import type { ServerSelector } from '../../../src/model/selector.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { at } from '../../../src/shared/at.ts';
import { groupBy } from '../../../src/shared/collections.ts';
import { bareCloud, bareDemand } from '../support/cloud.ts';
import type { Reassignment } from './model.ts';

const machineName = (m: number): HostId => hostId(`m${String(m).padStart(4, '0')}`);
const processName = (p: number): ServerId => serverId(`p${String(p).padStart(6, '0')}`);
const resourceName = (r: number): string => `CUSTOM_R${r}`;
/** Dependencies are hard in the contest; no other saving is worth a broken one. */
const priceOfBrokenDependency = 1e9;

/**
 * An instance in the product's terms: processes are servers, machines hosts, locations racks, neighbourhoods zones,
 * services values of a key of metadata.
 */
export function toProblem(model: Reassignment, initial: readonly number[]): PlacementProblem {
  const { machines, processes, resources } = model;
  const hosts = machines.map((_, m) => machineName(m));
  const servers = processes.map((_, p) => processName(p));
  const amountsOf = (amounts: readonly number[]) =>
    Object.fromEntries(amounts.map((amount, r) => [resourceName(r), amount]));
  return {
    cloud: bareCloud(
      machines.map(({ capacity, location, neighbourhood }, m) => ({
        name: at(hosts, m),
        capacity: amountsOf(capacity),
        rack: String(location),
        zone: String(neighbourhood),
      })),
      processes.map(({ service, moveCost }, p) => ({
        name: at(servers, p),
        host: at(hosts, at(initial, p)),
        vcpus: 1,
        memoryMiB: 0,
        metadata: { service: String(service), price: String(moveCost) },
      })),
    ),
    demands: new Map(
      processes.map(({ requirement }, p) => [at(servers, p), bareDemand(amountsOf(requirement))]),
    ),
    primitives: [
      ...resources.map(({ transient }, r): Primitive => ({
        kind: 'capacity',
        rule: 'benchmark',
        resource: resourceName(r),
        unit: resourceName(r),
        bothEnds: transient,
        ...(transient ? { untilEnd: true } : {}),
        limits: new Map(machines.map(({ capacity }, m) => [at(hosts, m), at(capacity, r)])),
        demand: new Map(processes.map(({ requirement }, p) => [at(servers, p), at(requirement, r)])),
        held: new Map(),
      })),
      ...services(model, servers),
    ],
    goal: {
      name: 'benchmark',
      description: '',
      terms: termsOf(model, hosts),
      spareHosts: 0,
      headroomPercent: 0,
      disableEmptied: false,
    },
    start: new Map(servers.map((server, p) => [server, at(hosts, at(initial, p))])),
    volumeOf: (server) => ({ server, memoryMiB: 0, diskGiB: 0 }),
    mustEmpty: [],
    noGoods: [],
  };
}

/** Processes of one service are on different machines, and in enough locations. */
function services({ services: all, processes }: Reassignment, servers: readonly ServerId[]): Primitive[] {
  const byService = groupBy(processes.keys(), (p) => at(processes, p).service);
  return [...byService]
    .filter(([, members]) => members.length > 1)
    .flatMap(([s, members]): Primitive[] => {
      const named = members.map((p) => at(servers, p));
      const { spreadMin } = at(all, s);
      const common = { kind: 'domainCount', rule: 'benchmark', members: named } as const;
      return [
        { ...common, per: 'host', atMost: 1 },
        ...(spreadMin > 1 ? [{ ...common, per: 'rack' as const, atLeast: spreadMin }] : []),
      ];
    });
}

function termsOf(model: Reassignment, hosts: readonly HostId[]): readonly Term[] {
  const inService = (service: number): ServerSelector => ({
    metadata: `service=${service}`,
  });
  const pairs = model.services.flatMap(({ dependsOn }, s) =>
    dependsOn.map((other) => ({ servers: inService(s), near: inService(other) })),
  );
  return [
    ...model.resources.map(({ loadWeight }, r): Term => ({
      kind: 'load-above',
      weight: loadWeight,
      resources: [resourceName(r)],
      threshold: {
        amounts: model.machines.map(({ safety }, m) => ({
          hosts: { name: at(hosts, m) },
          amount: at(safety, r),
        })),
      },
    })),
    ...model.balances.map(({ first, second, target, weight }): Term => ({
      kind: 'stranded-capacity',
      weight,
      resource: resourceName(first),
      needs: resourceName(second),
      target,
    })),
    {
      kind: 'migration-cost',
      perMove: 0,
      perGiB: 0,
      perMetadata: { key: 'price', weight: model.processMoveWeight },
    },
    routesOf(model, hosts),
    { kind: 'most-moved', weight: model.serviceMoveWeight, of: { eachMetadata: 'service' } },
    ...(pairs.length === 0
      ? []
      : [{ kind: 'closeness', weight: priceOfBrokenDependency, within: 'zone', pairs } as const]),
  ];
}

const routesOf = ({ machines, machineMoveWeight }: Reassignment, hosts: readonly HostId[]): RouteCost => ({
  kind: 'route-cost',
  weight: machineMoveWeight,
  routes: machines.flatMap(({ moveCost }, from) =>
    moveCost.flatMap((price, to) =>
      price === 0 ? [] : [{ from: { name: at(hosts, from) }, to: { name: at(hosts, to) }, price }],
    ),
  ),
});

/** Machine by process. */
export const machinesOf = (assignment: Assignment): readonly number[] =>
  [...assignment.keys()].sort().map((server) => Number(assignment.get(server)?.slice(1)));

import type { Demand } from '../../../src/constraints/demand.ts';
import type { CellOffer, GuestCellNeed, Primitive } from '../../../src/constraints/primitive.ts';
import { type HostId, hostId, type ServerId, serverId } from '../../../src/model/ids.ts';
import type { Assignment } from '../../../src/model/cloud.ts';
import type { Term } from '../../../src/objective/goal.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { at } from '../../../src/shared/at.ts';
import { groupBy } from '../../../src/shared/collections.ts';
import { bareCloud, bareDemand } from '../support/cloud.ts';
import { amountsPerHost, type Instance, type ServerType } from './generator.ts';

const mib = 1024;
const gigabytePages = 1024 * mib;
/** VFs of a NUMA cell are told as pages of this size, which nothing else has: whole things that a cell has some of. */
const virtualFunctions = 1;

const hostName = (h: number): HostId => hostId(`h${String(h).padStart(5, '0')}`);
const serverName = (v: number): ServerId => serverId(`s${String(v).padStart(6, '0')}`);

/** An instance in the product's terms. */
export function toProblem(
  instance: Instance,
  terms: readonly Term[],
  mustEmpty: readonly number[] = [],
): PlacementProblem {
  const { H, V, vtype, types, loc0 } = instance;
  const hosts = Array.from({ length: H }, (_, h) => hostName(h));
  const servers = Array.from({ length: V }, (_, v) => serverName(v));
  const typeOf = (v: number): ServerType => at(types, at(vtype, v));
  const demands = types.map((type): Demand => bareDemand({ VCPU: type.vcpu, MEMORY_MB: type.ram * mib }));
  return {
    cloud: bareCloud(
      hosts.map((name, h) => ({ name, capacity: { VCPU: at(instance.cap, h * amountsPerHost) } })),
      servers.map((name, v) => ({
        name,
        host: at(hosts, at(loc0, v) >> 1),
        vcpus: typeOf(v).vcpu,
        memoryMiB: typeOf(v).ram * mib,
      })),
    ),
    demands: new Map(servers.map((server, v) => [server, at(demands, at(vtype, v))])),
    primitives: [
      capacity(instance, hosts, servers, 'VCPU', 0),
      capacity(instance, hosts, servers, 'MEMORY_MB', 1),
      cellFit(instance, hosts, servers),
      generations(instance, hosts, servers),
      ...triples(instance, servers),
    ],
    goal: {
      name: 'benchmark',
      description: '',
      terms,
      spareHosts: 0,
      headroomPercent: 0,
      disableEmptied: false,
    },
    start: new Map(servers.map((server, v) => [server, at(hosts, at(loc0, v) >> 1)])),
    volumeOf: (server) => ({
      server,
      memoryMiB: typeOf(Number(server.slice(1))).ram * mib,
      diskGiB: 0,
    }),
    mustEmpty: mustEmpty.map(hostName),
    maxMoves: instance.M,
    noGoods: [],
  };
}

/** Goal (a): 3200 a used host; both goals: 32 + GiB a migration. */
export const consolidate = (instance: Instance): readonly Term[] => [
  { kind: 'hosts-used', weight: instance.WH },
  migration,
];
export const migration: Term = { kind: 'migration-cost', perMove: 32, perGiB: 1 };

function capacity(
  { D, cap, vtype }: Instance,
  hosts: readonly HostId[],
  servers: readonly ServerId[],
  resource: string,
  row: number,
): Primitive {
  const amount = (v: number): number => at(D, at(vtype, v) * 2 * amountsPerHost + row);
  return {
    kind: 'capacity',
    rule: 'benchmark',
    resource,
    unit: resource,
    bothEnds: false,
    limits: new Map(hosts.map((host, h) => [host, at(cap, h * amountsPerHost + row)])),
    demand: new Map(servers.map((server, v) => [server, amount(v)])),
    held: new Map(),
  };
}

function cellFit(
  { cap, D, types, vtype, loc0 }: Instance,
  hosts: readonly HostId[],
  servers: readonly ServerId[],
): Primitive {
  const offer = (h: number, cell: number): CellOffer => {
    const amount = (row: number): number => at(cap, h * amountsPerHost + row + cell);
    return { id: cell, ...cellAmounts(amount(2), amount(4), amount(6)) };
  };
  const need = (t: number, cell: number): GuestCellNeed => {
    const amount = (row: number): number => at(D, (t * 2 + cell) * amountsPerHost + row + cell);
    return cellAmounts(amount(2), amount(4), amount(6));
  };
  const guests = types.map(({ k }, t) => (k === 2 ? [need(t, 0), need(t, 1)] : k === 0 ? [] : [need(t, 0)]));
  const pinned = [...servers.entries()].filter(([v]) => at(guests, at(vtype, v)).length > 0);
  return {
    kind: 'cellFit',
    rule: 'benchmark',
    hosts: new Map(hosts.map((host, h) => [host, [offer(h, 0), offer(h, 1)]])),
    guests: new Map(pinned.map(([v, server]) => [server, at(guests, at(vtype, v))])),
    held: new Map(
      pinned.map(([v, server]) => {
        const needs = at(guests, at(vtype, v));
        const first = needs.length === 1 ? at(loc0, v) & 1 : 0;
        return [server, needs.map((each, g) => ({ cell: first + g, need: each }))];
      }),
    ),
  };
}

const cellAmounts = (threads: number, pages: number, functions: number): GuestCellNeed => ({
  threads,
  memoryMiB: 0,
  pages: new Map([
    [gigabytePages, pages],
    [virtualFunctions, functions],
  ]),
});

/** Servers go to hosts whose CPU generation they accept. */
function generations(
  { gen, types, vtype }: Instance,
  hosts: readonly HostId[],
  servers: readonly ServerId[],
): Primitive {
  const byGeneration = groupBy(servers.keys(), (v) => at(types, at(vtype, v)).q);
  return {
    kind: 'pairMask',
    rule: 'benchmark',
    sets: [...byGeneration]
      .filter(([least]) => least > 0)
      .map(([least, members]) => ({
        servers: members.map((v) => at(servers, v)),
        hosts: new Set(hosts.filter((_, h) => at(gen, h) >= least)),
      })),
  };
}

/** No two of a triple on one host. */
function triples({ vgrp }: Instance, servers: readonly ServerId[]): Primitive[] {
  const members = groupBy(
    [...servers.keys()].filter((v) => at(vgrp, v) >= 0),
    (v) => at(vgrp, v),
  );
  return [...members.values()].map((group) => ({
    kind: 'domainCount',
    rule: 'benchmark',
    members: group.map((v) => at(servers, v)),
    per: 'host',
    atMost: 1,
  }));
}

/** Hosts of an assignment in the order of servers. */
export const hostsOf = (assignment: Assignment): Int32Array =>
  Int32Array.from([...assignment.keys()].sort(), (server) => Number(assignment.get(server)?.slice(1)));

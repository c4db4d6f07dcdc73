import type { RuleContext } from '../../constraints/context.ts';
import type { Rule, Violation } from '../../constraints/rule.ts';
import { type Cloud, currentAssignment } from '../../model/cloud.ts';
import { type ComputeService, type Host, isReady } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { usedByHost } from '../../objective/host-terms.ts';
import { loadTable } from '../../objective/loads.ts';
import { auditAll, mended } from '../../plan/compare-violations.ts';
import { createState } from '../../replay/state.ts';
import { differingMembers, sameValue } from '../../shared/same-value.ts';
import type { CloudDiff } from './cloud-diff.ts';

/** A cloud, and the rules that it is audited by. */
export interface Audited {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
}

/**
 * What differs between two clouds, `after` being the later one. What follows from where servers are (claims of NUMA cells
 * and devices, allocations) is no difference of its own, and neither is when they were read.
 */
export function compareClouds(before: Audited, after: Audited): CloudDiff {
  const [old, now] = [before.context.cloud, after.context.cloud];
  const hosts = hostChanges(old, now);
  const servers = serverChanges(old, now);
  const groups = changesOf(old.groups, now.groups, ({ name }) => name, allMembers);
  const aggregates = changesOf(old.aggregates, now.aggregates, ({ name }) => name, allMembers);
  const flavors = changesOf(old.flavors, now.flavors, ({ name }) => name, allMembers);
  const parts = {
    hosts,
    servers,
    groups,
    aggregates,
    flavors,
    others: otherDifferences(old, now),
    measuredAnew: measuredAnew(old.hosts, now.hosts) + measuredAnew(old.servers, now.servers),
    capacity: capacityChanges(before.context, after.context),
    violations: violationChanges(before, after),
  };
  return {
    kind: 'inventories',
    equal: isEmpty(parts),
    captured: { before: old.capturedAt, after: now.capturedAt },
    ...parts,
  };
}

/** No list has an entry, and nothing is counted. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isEmpty);
  return value === 0;
}

const measured: ReadonlySet<string> = new Set([
  'usage',
  'dirtyRateMiBps',
  'workingSetMiB',
  'residentMemoryMiB',
  'diskWriteMiBps',
]);

/** Members of a host that go by the servers on it, or have a list of their own. */
const movingOfHost: ReadonlySet<string> = new Set([
  'service',
  'cells',
  'pciDevices',
  'pciPools',
  'providers',
  'stats',
  'diskAvailableLeastGiB',
  'cachedImages',
]);
/** Members of a server that have a list of their own. */
const listedOfServer: ReadonlySet<string> = new Set([
  'host',
  'status',
  'vmState',
  'powerState',
  'taskState',
  'flavor',
]);
/** Members of a server that change with its host or its flavor. */
const claimsOfServer: ReadonlySet<string> = new Set([
  'allocations',
  'topology',
  'pciDevices',
  'launchedOn',
  'cpu',
  'machineType',
]);

interface Members<Id extends string, Value> {
  readonly added: readonly { readonly id: Id; readonly name: string }[];
  readonly gone: readonly { readonly id: Id; readonly name: string }[];
  readonly changed: readonly {
    readonly id: Id;
    readonly name: string;
    readonly members: readonly string[];
  }[];
  readonly pairs: readonly (readonly [id: Id, before: Value, after: Value])[];
}

const allMembers = (a: object, b: object): readonly string[] => differingMembers(a, b);

function membersOf<Id extends string, Value extends object>(
  before: ReadonlyMap<Id, Value>,
  after: ReadonlyMap<Id, Value>,
  nameOf: (value: Value) => string,
  membersThatDiffer: (a: Value, b: Value) => readonly string[],
): Members<Id, Value> {
  const pairs = [...before].flatMap(([id, value]) => {
    const other = after.get(id);
    return other === undefined || sameValue(value, other) ? [] : [[id, value, other] as const];
  });
  const missing = (own: typeof before, other: typeof before) =>
    [...own].filter(([id]) => !other.has(id)).map(([id, value]) => ({ id, name: nameOf(value) }));
  return {
    added: missing(after, before),
    gone: missing(before, after),
    changed: pairs.flatMap(([id, a, b]) => {
      const members = membersThatDiffer(a, b);
      return members.length === 0 ? [] : [{ id, name: nameOf(b), members }];
    }),
    pairs,
  };
}

function changesOf<Id extends string, Value extends object>(
  ...asked: Parameters<typeof membersOf<Id, Value>>
): Omit<Members<Id, Value>, 'pairs'> {
  const { added, gone, changed } = membersOf(...asked);
  return { added, gone, changed };
}

function hostChanges({ hosts: old }: Cloud, { hosts: now }: Cloud): CloudDiff['hosts'] {
  const { pairs, ...changes } = membersOf(old, now, ({ id }) => id, hardwareThatDiffers);
  return {
    ...changes,
    states: pairs.flatMap(([id, a, b]) => {
      const [before, after] = [serviceWords(a.service), serviceWords(b.service)];
      return before === after ? [] : [{ id, name: id, before, after }];
    }),
  };
}

function hardwareThatDiffers(a: Host, b: Host): readonly string[] {
  const members = differingMembers(a, b).filter((name) => !movingOfHost.has(name) && !measured.has(name));
  const parts = [
    ['cells', layoutOf],
    ['pciDevices', devicesOf],
    ['providers', inventoriesOf],
  ] as const;
  return [
    ...members,
    ...parts.filter(([, part]) => !sameValue(part(a), part(b))).map(([name]) => name),
  ].toSorted();
}

/** The cells without what servers take of them. */
const layoutOf = ({ cells }: Host): unknown =>
  cells?.map(({ id, socket, sharedCpus, dedicatedCpus, siblings, memoryMiB, pages }) => [
    ...[id, socket, sharedCpus, dedicatedCpus, siblings, memoryMiB],
    pages.map(({ sizeKiB, total, reserved }) => [sizeKiB, total, reserved]),
  ]);

const devicesOf = ({ pciDevices }: Host): unknown =>
  pciDevices?.map(({ address, vendorId, productId, devType, numaNode, tags }) => [
    ...[address, vendorId, productId, devType, numaNode, tags],
  ]);

const inventoriesOf = ({ providers }: Host): unknown =>
  providers.map(({ name, inventories, traits, aggregates }) => [name, inventories, traits, aggregates]);

const serviceWords = ({ status, state, forcedDown, disabledReason }: ComputeService): string =>
  `${status}${disabledReason === undefined ? '' : ` (${disabledReason})`}, ${forcedDown ? 'forced down' : state}`;

function serverChanges({ servers: old }: Cloud, { servers: now }: Cloud): CloudDiff['servers'] {
  const { pairs, ...changes } = membersOf(
    old,
    now,
    ({ name }) => name,
    (a, b) => {
      const isElsewhere = a.host !== b.host || !sameValue(a.flavor, b.flavor);
      return differingMembers(a, b).filter(
        (name) =>
          !listedOfServer.has(name) && !measured.has(name) && !(isElsewhere && claimsOfServer.has(name)),
      );
    },
  );
  const stated = (wordsOf: (server: Server) => string) =>
    pairs.flatMap(([id, a, b]) => {
      const [before, after] = [wordsOf(a), wordsOf(b)];
      return before === after ? [] : [{ id, name: b.name, before, after }];
    });
  return {
    ...changes,
    moved: pairs.flatMap(([id, a, b]) =>
      a.host === b.host ? [] : [{ id, name: b.name, from: a.host, to: b.host }],
    ),
    resized: stated(flavorWords),
    states: stated(stateWords),
  };
}

const flavorWords = ({ flavor: { name, vcpus, memoryMiB, rootGiB, extraSpecs } }: Server): string =>
  `${name} (${vcpus} vCPUs, ${memoryMiB} MiB, ${rootGiB} GiB${Object.entries(extraSpecs)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `, ${key}=${value}`)
    .join('')})`;

const stateWords = ({ status, vmState, powerState, taskState }: Server): string =>
  [status, vmState, powerState, ...(taskState === undefined ? [] : [taskState])].join(', ');

function otherDifferences(old: Cloud, now: Cloud): readonly string[] {
  const settings = differingMembers(old.config, now.config).map((name) => `setting ${name}`);
  const lists = [
    'storagePools',
    'links',
    'otherConsumers',
    'otherProviders',
    'migrations',
    'release',
  ] as const;
  return [...settings, ...lists.filter((name) => !sameValue(old[name], now[name]))];
}

function measuredAnew<Id, Value extends object>(
  old: ReadonlyMap<Id, Value>,
  now: ReadonlyMap<Id, Value>,
): number {
  let count = 0;
  for (const [id, value] of old) {
    const other = now.get(id);
    if (other === undefined || other === value) continue;
    for (const name of measured)
      if (!sameValue(Reflect.get(value, name), Reflect.get(other, name))) {
        count += 1;
        break;
      }
  }
  return count;
}

function capacityChanges(before: RuleContext, after: RuleContext): CloudDiff['capacity'] {
  const [old, now] = [amountsOf(before), amountsOf(after)];
  const none = { capacity: 0, free: 0 };
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((resource) => {
    const [was, is] = [old.get(resource) ?? none, now.get(resource) ?? none];
    if (was.capacity === is.capacity && was.free === is.free) return [];
    return [
      {
        resource,
        capacity: { before: was.capacity, after: is.capacity },
        free: { before: was.free, after: is.free },
      },
    ];
  });
}

/** Of the hosts that take servers; what is overcommitted on one host is not free on another. */
function amountsOf({ cloud, demands }: RuleContext) {
  const loads = loadTable(cloud, demands);
  const start = currentAssignment(cloud);
  const ready = [...cloud.hosts.values()].filter(({ service }) => isReady(service));
  const resources = new Set(
    ready.flatMap(({ providers }) => providers.flatMap(({ inventories }) => [...inventories.keys()])),
  );
  return new Map(
    [...resources].map((resource) => {
      const used = usedByHost(start, loads, resource);
      let [capacity, free] = [0, 0];
      for (const { id } of ready) {
        capacity += loads.capacity(id, resource);
        free += Math.max(0, loads.capacity(id, resource) - used(id));
      }
      return [resource, { capacity, free }] as const;
    }),
  );
}

function violationChanges(before: Audited, after: Audited): CloudDiff['violations'] {
  const old = auditAll(createState(before.context), before.rules);
  const now = auditAll(createState(after.context), after.rules);
  const known = new Map(old.map((violation) => [`${violation.rule} ${violation.key}`, violation]));
  const told = (among: Audited) => (violation: Violation) => {
    const { rule, measured: amount, limit } = violation;
    const text = among.rules.find(({ id }) => id === rule)?.describe(violation) ?? rule;
    return { rule, text, measured: amount, limit };
  };
  return {
    added: mended(now, old).map(told(after)),
    gone: mended(old, now).map(told(before)),
    changed: now.flatMap((violation) => {
      const was = known.get(`${violation.rule} ${violation.key}`);
      return was === undefined || was.measured === violation.measured
        ? []
        : [{ ...told(after)(violation), before: was.measured }];
    }),
  };
}

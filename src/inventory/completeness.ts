import { isInFlight } from '../model/migration.ts';
import type { Inventory } from './document.ts';
import type { HostRecord } from './document/host.ts';
import type { ServerRecord } from './document/server.ts';

/** What a family of rules can say of this cloud. */
type Judgement =
  /** Every fact is there, from a source. */
  | { readonly kind: 'exact' }
  /** It judges by assumptions; each can only lose quality. */
  | { readonly kind: 'assumes'; readonly what: readonly string[] }
  /** Facts are missing that nothing can stand in for. */
  | { readonly kind: 'cannot-be-judged'; readonly missing: readonly string[] };

/** One line of the table that `planner import` prints. */
export interface Completeness {
  readonly family: string;
  readonly judgement: Judgement;
  /** How to supply what is missing or assumed; absent when nothing is. */
  readonly supply?: string;
}

/** For each family of rules: exact, by which assumptions, or not at all, as the facts of the inventory allow. */
export function completenessOf(inventory: Inventory): readonly Completeness[] {
  const facts: Counted = { inventory, placed: inventory.servers.filter(({ host }) => host !== undefined) };
  return families.map(({ family, judge, supply }) => {
    const { assumed = [], missing = [] } = judge(facts);
    const said = (texts: readonly (string | undefined)[]) => texts.filter((text) => text !== undefined);
    const judgement = toJudgement(said(assumed), said(missing));
    return judgement.kind === 'exact' ? { family, judgement } : { family, judgement, supply };
  });
}

interface Counted {
  readonly inventory: Inventory;
  /** Servers on a host: the others are not moved. */
  readonly placed: readonly ServerRecord[];
}

interface Family {
  readonly family: string;
  readonly judge: (facts: Counted) => Wanting;
  readonly supply: string;
}

/** What is wanting; a text that is `undefined` stands for nothing. */
interface Wanting {
  readonly assumed?: readonly (string | undefined)[];
  readonly missing?: readonly (string | undefined)[];
}

function toJudgement(assumed: readonly string[], missing: readonly string[]): Judgement {
  if (missing.length > 0) return { kind: 'cannot-be-judged', missing };
  return assumed.length > 0 ? { kind: 'assumes', what: assumed } : { kind: 'exact' };
}

const families: readonly Family[] = [
  {
    family: 'flavors',
    judge: ({ inventory, placed }) => ({
      missing: [
        fromSource(
          inventory,
          placed,
          'flavor',
          'assumed:no-extra-specs',
          'servers have a flavor whose extra specs are not known, and stay',
        ),
      ],
      assumed: [
        fromSource(
          inventory,
          placed,
          'flavor',
          'assumed:flavor-of-today',
          'servers have the flavor of today, which may differ from their own',
        ),
      ],
    }),
    supply: 'record servers with microversion 2.47 or later, or `openstack server show` of each',
  },
  {
    family: 'host state',
    judge: ({ inventory }) => ({
      assumed: [
        without(
          inventory.hosts,
          'hosts',
          ({ service }) => service,
          'take no server: their service is unknown',
        ),
      ],
    }),
    supply: 'record GET /os-services, `openstack compute service list --long`, or the table services',
  },
  {
    family: 'moves in flight',
    judge: ({ inventory }) => ({
      missing: [
        unless(inventory.migrations !== undefined, 'migrations were not read: moves in flight are not known'),
      ],
    }),
    supply: 'record GET /os-migrations, or the table migrations',
  },
  {
    family: 'capacity',
    judge: ({ inventory, placed }) => ({
      missing: [
        without(inventory.hosts, 'hosts', ({ providers }) => providers, 'have no inventories of Placement'),
        without(placed, 'servers', ({ allocations }) => allocations, 'have unknown allocations'),
      ],
    }),
    supply: 'record Placement: resource_providers with inventories, traits and allocations of each',
  },
  {
    family: 'NUMA fit',
    judge: ({ inventory, placed }) => ({
      missing: [
        without(inventory.hosts, 'hosts', ({ cells }) => cells, 'have unknown NUMA cells, pages and pins'),
        without(placed, 'servers', ({ topology }) => topology, 'have an unknown topology'),
      ],
      assumed: [
        fromSource(
          inventory,
          placed,
          'topology',
          'api:nova-topology',
          'servers have no CPU reserved for the emulator',
        ),
        unless(inventory.novaConfig.cellOrder?.known, 'Nova spreads servers over NUMA cells'),
        heldUnknown(inventory),
      ],
    }),
    supply:
      'read the tables compute_nodes and instance_extra with --nova-db, or record of each host nova.conf, `virsh capabilities` and `virsh dumpxml` of every guest (planner facts); no API tells the cells',
  },
  {
    family: 'PCI devices',
    judge: ({ inventory, placed }) => ({
      missing: [
        without(
          inventory.hosts,
          'hosts',
          (host) => host.pciDevices && host.pciPools,
          'have unknown PCI devices',
        ),
        without(placed, 'servers', ({ pciRequests }) => pciRequests, 'have unknown PCI requests'),
      ],
    }),
    supply:
      'record the tables pci_devices, compute_nodes and instance_extra, or `virsh nodedev-dumpxml` and nova.conf of each host; no API tells them',
  },
  {
    family: 'server groups',
    judge: ({ inventory }) => ({
      missing: [unless(inventory.groups !== undefined, 'server groups were not read')],
      assumed: [
        unless(
          inventory.novaConfig.workarounds?.known,
          'group policies are checked again at the destination',
        ),
      ],
    }),
    supply: 'record GET /os-server-groups?all_projects=1, and [workarounds] of a nova.conf in host-facts/',
  },
  {
    family: 'requested availability zone',
    judge: ({ placed }) => ({
      assumed: [
        without(
          placed,
          'servers',
          ({ requestedAz }) => requestedAz,
          'stay in their zone: nobody tells which they asked for',
        ),
      ],
    }),
    supply: 'record the table request_specs, or ask for servers with microversion 2.96 or later',
  },
  {
    family: 'aggregates and tenants',
    judge: ({ inventory }) => ({
      missing: [unless(inventory.aggregates !== undefined, 'aggregates were not read')],
      assumed: [
        unless(
          inventory.novaConfig.enabledFilters?.known,
          "besides Nova's defaults the filters for NUMA, PCI, aggregate extra specs and tenants are on",
        ),
      ],
    }),
    supply: 'record GET /os-aggregates, and [filter_scheduler] of a nova.conf in host-facts/',
  },
  {
    family: 'traits',
    judge: ({ inventory }) => ({
      missing: [without(inventory.hosts, 'hosts', ({ providers }) => providers, 'have unknown traits')],
    }),
    supply: 'record Placement: resource_providers with traits of each',
  },
  {
    family: 'CPU features',
    judge: ({ inventory, placed }) => ({
      missing: [without(inventory.hosts, 'hosts', ({ cpu }) => cpu, 'have an unknown CPU')],
      assumed: [without(placed, 'servers', ({ cpu }) => cpu, "need every feature of their host's CPU")],
    }),
    supply: 'record GET /os-hypervisors/detail with microversion 2.87, and the table instance_extra',
  },
  {
    family: 'config drives and storage',
    judge: ({ inventory, placed }) => ({
      assumed: [
        without(
          inventory.hosts,
          'hosts',
          ({ storagePool }) => storagePool,
          'keep disks of their own: block migration',
        ),
        unless(
          inventory.novaConfig.configDriveFormat?.known === true || placed.every(formatNeedless),
          'config drives are iso9660',
        ),
        fromSource(
          inventory,
          placed,
          'localDisks',
          'assumed:flavor',
          'servers have the disks of their flavor',
        ),
      ],
    }),
    supply:
      'record nova.conf of each host and the table block_device_mapping; write pools that hosts share over NFS into the inventory (storagePools, hosts[].storagePool)',
  },
  {
    family: 'machine types',
    judge: ({ inventory, placed }) => ({
      missing: [
        without(inventory.hosts, 'hosts', ({ machineTypes }) => machineTypes, 'have unknown machine types'),
        without(placed, 'servers', ({ machineType }) => machineType, 'have an unknown machine type'),
      ],
    }),
    supply: 'record `virsh capabilities` of each host, and `virsh dumpxml` of servers',
  },
  {
    family: 'dirty rates',
    judge: ({ placed }) => ({
      assumed: [
        without(
          placed,
          'servers',
          ({ dirtyRateMiBps }) => dirtyRateMiBps,
          'dirty memory at the rate that the profile assumes',
        ),
      ],
    }),
    supply: 'record metrics/vm-dirty-rate.json and metrics/domain-info-meta.json',
  },
];

/** `12 of 89 servers …`; nothing when every record has the member. */
function without<Item extends HostRecord | ServerRecord>(
  items: readonly Item[],
  noun: string,
  memberOf: (item: Item) => unknown,
  what: string,
): string | undefined {
  const lacking = items.filter((item) => memberOf(item) === undefined).length;
  return lacking === 0 ? undefined : `${lacking} of ${items.length} ${noun} ${what}`;
}

const unless = (known: boolean | undefined, what: string): string | undefined =>
  known === true ? undefined : what;

/** How many servers have a field from a source that says less than another would. */
function fromSource(
  { sources }: Inventory,
  placed: readonly ServerRecord[],
  field: string,
  source: string,
  what: string,
): string | undefined {
  const usual = sources[`servers.${field}`];
  const count = placed.filter(({ sources: own }) => (own?.[field] ?? usual) === source).length;
  return count === 0 ? undefined : `${count} of ${placed.length} ${what}`;
}

const formatNeedless = ({ configDrive, configDriveFormat }: ServerRecord): boolean =>
  configDrive !== true || configDriveFormat !== undefined;

/** Moves in flight whose claims nobody tells: those of servers with a topology matter. */
function heldUnknown({ migrations = [], servers }: Inventory): string | undefined {
  const withTopology = new Set(servers.filter(({ topology }) => topology?.length !== 0).map(({ id }) => id));
  const unknown = migrations.filter(
    (record) =>
      isInFlight(record) &&
      withTopology.has(record.server) &&
      record.heldAtSource === undefined &&
      record.heldAtDestination === undefined,
  ).length;
  return unknown === 0 ? undefined : `${unknown} moves in flight hold only what the host's cells count`;
}

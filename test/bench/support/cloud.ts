import type { Cloud } from '../../../src/model/cloud.ts';
import type { Host } from '../../../src/model/host.ts';
import { hostId, providerId, serverId } from '../../../src/model/ids.ts';
import { someConfig } from '../../support/builders.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import type { ResourceAmounts } from '../../../src/model/placement.ts';
import type { Server } from '../../../src/model/server.ts';
import type { Demand } from '../../../src/constraints/demand.ts';

/** What a benchmark says of a host; all of it can be used. */
export interface HostFacts {
  readonly name: string;
  readonly capacity: ResourceAmounts;
  readonly rack?: string;
  readonly zone?: string;
}

/** What a benchmark says of a server. */
export interface ServerFacts {
  readonly name: string;
  readonly host: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A cloud without anything that the solver does not read. */
export function bareCloud(hosts: readonly HostFacts[], servers: readonly ServerFacts[]): Cloud {
  return {
    capturedAt: '2026-11-21T00:00:00Z',
    hosts: new Map(hosts.map((facts) => [hostId(facts.name), hostOf(facts)])),
    servers: new Map(servers.map((facts) => [serverId(facts.name), serverOf(facts)])),
    groups: new Map(),
    aggregates: new Map(),
    storagePools: new Map(),
    flavors: new Map(),
    links: [],
    migrations: [],
    otherConsumers: [],
    config,
    release: { serviceVersions: [] },
  };
}

/** A demand of Placement amounts alone. */
export const bareDemand = (amounts: ResourceAmounts): Demand => ({
  amounts,
  legacyAmounts: amounts,
  requiredTraits: [],
  forbiddenTraits: [],
  legacyRequiredTraits: [],
  legacyForbiddenTraits: [],
  guest: { kind: 'none' },
  pci: { kind: 'known', requests: [] },
});

function hostOf({ name, capacity, rack, zone }: HostFacts): Host {
  const inventories = new Map(
    Object.entries(capacity).map(([resource, total]) => [
      resource,
      { total, reserved: 0, allocationRatio: 1, minUnit: 1, maxUnit: total, stepSize: 1 },
    ]),
  );
  return {
    id: hostId(name),
    nodeName: name,
    service: { status: 'enabled', state: 'up', forcedDown: false },
    ...(zone === undefined ? {} : { availabilityZone: zone }),
    ...(rack === undefined ? {} : { rack }),
    aggregates: [],
    stats: {},
    providers: [{ id: providerId(`rp-${name}`), name, inventories, traits: noTraits, aggregates: [] }],
    nics: [],
    otherServices: [],
  };
}

const serverOf = ({ name, host, vcpus, memoryMiB, metadata = {} }: ServerFacts): Server => ({
  id: serverId(name),
  name,
  projectId: 'p',
  flavor: { name: 'f', vcpus, memoryMiB, rootGiB: 0, ephemeralGiB: 0, swapMiB: 0, extraSpecs: {} },
  status: 'ACTIVE',
  vmState: 'active',
  powerState: 'running',
  host: hostId(host),
  bootFromVolume: true,
  volumes: [],
  configDrive: false,
  locked: false,
  tags: [],
  metadata,
});

const noTraits: ReadonlySet<string> = new Set();
const known = <Value>(value: Value) => ({ value, known: true });

const config: CloudConfig = {
  ...someConfig,
  enabledFilters: known([]),
  imagesType: known('default'),
};

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const Cell = z.strictObject({
  cpus: z.string(),
  pinnable: z.string().optional(),
  threadsPerCore: z.int().positive().optional(),
  memoryMiB: z.int().positive(),
  pages: z.record(z.string(), z.int()).optional(),
});

const Device = z.strictObject({
  address: z.string(),
  vendor: z.string(),
  product: z.string(),
  cell: z.int().optional(),
  type: z.string().optional(),
});

const Host = z.strictObject({
  zone: z.string().optional(),
  /** Hosts with cells count their CPUs and memory by them. */
  cells: z.array(Cell).optional(),
  cpus: z.int().positive().optional(),
  memoryMiB: z.int().positive().optional(),
  diskGiB: z.int().positive(),
  cpu: z.strictObject({ model: z.string(), features: z.array(z.string()) }).optional(),
  devices: z.array(Device).optional(),
  traits: z.array(z.string()).optional(),
  hypervisorVersion: z.int().optional(),
  /** Defaults of the servers' `lab.…` metadata on this host, without `lab.`. */
  behaviour: z.record(z.string(), z.string()).optional(),
  /** Options of this host's nova.conf, by section. */
  nova: z.record(z.string(), Settings).optional(),
});

/** The hosts of a lab cloud: what `LAB_HOSTS` names. */
const Hosts = z.strictObject({
  about: z.string(),
  pciAliases: z.record(z.string(), z.strictObject({ vendor: z.string(), product: z.string() })),
  /** Options of every nova.conf, by section. */
  nova: z.record(z.string(), Settings).optional(),
  hosts: z.record(z.string(), Host),
});

const Server = z.strictObject({
  name: z.string(),
  flavor: z.string(),
  host: z.string(),
  group: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  stopped: z.boolean().optional(),
});

/** What runs on them: what `LAB_SEED` names. */
const Seed = z.strictObject({
  about: z.string(),
  flavors: z.record(
    z.string(),
    z.strictObject({
      vcpus: z.int(),
      memoryMiB: z.int(),
      diskGiB: z.int(),
      extraSpecs: z.record(z.string(), z.string()).optional(),
    }),
  ),
  aggregates: z.record(
    z.string(),
    z.strictObject({ hosts: z.array(z.string()), metadata: z.record(z.string(), z.string()) }),
  ),
  groups: z.record(z.string(), z.strictObject({ policy: z.string(), maxServersPerHost: z.int().optional() })),
  servers: z.array(Server),
});

export type HostsSpec = z.infer<typeof Hosts>;
export type SeedSpec = z.infer<typeof Seed>;
export type SeedServer = z.infer<typeof Server>;

export const readHosts = (path: string): HostsSpec => Hosts.parse(readJson(path));
export const readSeed = (path: string): SeedSpec => Seed.parse(readJson(path));

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

import { z } from 'zod';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { sha256OfText } from '../../shared/digest.ts';
import * as f from './primitives.ts';

/** The flavor as it is embedded in servers. */
const flavorSchema = f.record({
  name: f.id,
  vcpus: f.count,
  memoryMiB: f.memoryMiB,
  rootGiB: f.diskGiB,
  ephemeralGiB: f.diskGiB,
  swapMiB: f.memoryMiB,
  extraSpecs: f.textMap,
});

/** The image of servers: its id, absent for boot from volume, and its properties, absent when no source told them. */
const imageSchema = f.record({ id: f.id.exactOptional(), properties: f.textMap.exactOptional() });

/** CPU of hosts; `features` sorted. */
const hostCpuSchema = f.record({
  arch: f.text,
  model: f.text.exactOptional(),
  vendor: f.text.exactOptional(),
  features: z.array(f.text),
});

/** CPU that servers were started with. */
const guestCpuSchema = f.record({
  mode: z.enum(['custom', 'host-model', 'host-passthrough', 'maximum', 'none']).exactOptional(),
  match: z.enum(['exact', 'minimum', 'strict']).exactOptional(),
  model: f.text.exactOptional(),
  vendor: f.text.exactOptional(),
  arch: f.text.exactOptional(),
  features: z.array(
    f.record({ name: f.text, policy: z.enum(['require', 'optional', 'disable', 'forbid', 'force']) }),
  ),
});

/** Hardware of a NUMA cell; `sharedCpus` and `dedicatedCpus` ascending, `siblings` and `pages` in Nova's order. */
const cellLayoutSchema = f.record({
  id: f.cellId,
  socket: z.int().min(0).max(1023).exactOptional(),
  sharedCpus: f.hostCpus,
  dedicatedCpus: f.hostCpus,
  siblings: z.array(f.hostCpus),
  memoryMiB: f.memoryMiB,
  distances: z.array(z.int().min(0).max(65_535)).exactOptional(),
  networks: f.record({ physnets: z.array(f.text), tunneled: z.boolean() }),
  pages: z.array(f.record({ sizeKiB: f.sizeKiB, total: f.pages, reserved: f.pages })),
});

/** NUMA cells of hosts in Nova's order. */
const hostLayoutSchema = f.record({ cells: z.array(cellLayoutSchema).max(1024) });

/** Placement's inventories of a provider, by resource class. */
const inventorySetSchema = z.record(
  f.id,
  f.record({
    total: f.memoryMiB,
    reserved: f.memoryMiB,
    allocationRatio: f.ratio,
    minUnit: f.memoryMiB,
    maxUnit: z
      .int()
      .min(0)
      .max(2 ** 35),
    stepSize: z
      .int()
      .min(1)
      .max(2 ** 35),
  }),
);

/** Disks of servers that are no volumes. */
const diskSetSchema = z.array(
  f.record({ kind: z.enum(['root', 'ephemeral', 'swap', 'config-drive']), sizeGiB: f.diskGiB }),
);

const table = <Entry extends z.ZodType>(entry: Entry) => z.record(f.contentId, entry);

/** Values that many records share, each under its content id; records name them by that id. */
export const tablesSchema = f.record({
  flavors: table(flavorSchema),
  images: table(imageSchema),
  hostCpus: table(hostCpuSchema),
  guestCpus: table(guestCpuSchema),
  traitSets: table(z.array(f.id)),
  machineTypeSets: table(z.array(f.id)),
  hostLayouts: table(hostLayoutSchema),
  inventorySets: table(inventorySetSchema),
  amounts: table(f.amounts),
  diskSets: table(diskSetSchema),
});

export type Tables = z.infer<typeof tablesSchema>;
export type TableName = keyof Tables;
export type FlavorEntry = z.infer<typeof flavorSchema>;
export type ImageEntry = z.infer<typeof imageSchema>;
export type HostLayoutEntry = z.infer<typeof hostLayoutSchema>;

/** The id under which a table holds a value: equal values, equal ids, on every machine. */
export const contentIdOf = (value: unknown): string => idOfText(canonicalJson(value));

/** As `contentIdOf`, of a value whose canonical JSON is at hand. */
export const idOfText = (text: string): string => sha256OfText(text).slice(0, 16);

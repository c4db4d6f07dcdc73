import { z } from 'zod';
import {
  aggregateSchema,
  contradictionSchema,
  gapSchema,
  groupSchema,
  linkSchema,
  migrationSchema,
  storagePoolSchema,
} from './document/cloud-records.ts';
import { hostSchema } from './document/host.ts';
import { novaConfigSchema } from './document/nova-config.ts';
import { consumerSchema, providerSchema } from './document/placement.ts';
import * as f from './document/primitives.ts';
import { serverSchema } from './document/server.ts';
import { tablesSchema } from './document/tables.ts';

/** The only format version that this program reads and writes. */
export const formatVersion = 1;

/** The members of the document around its two long lists, which are read one record at a time. */
export const envelopeShape = {
  formatVersion: z.literal(formatVersion),
  capturedAt: f.instant,
  release: f.record({
    maxMicroversion: z
      .string()
      .regex(/^\d+\.\d+$/, 'a microversion such as 2.93')
      .exactOptional(),
  }),
  /** Which source told a field, for most hosts and servers: `hosts.cells`, `servers.topology`, `aggregates`. */
  sources: f.sourcesByField,
  tables: tablesSchema,
  /** Today's flavors; servers carry their own. */
  flavors: z.array(f.contentId).exactOptional(),
  /** Providers that belong to no host, such as shared storage. */
  otherProviders: z.array(providerSchema).exactOptional(),
  storagePools: z.array(storagePoolSchema).exactOptional(),
  aggregates: z.array(aggregateSchema).exactOptional(),
  groups: z.array(groupSchema).exactOptional(),
  otherConsumers: z.array(consumerSchema).exactOptional(),
  /** Newest last. */
  migrations: z.array(migrationSchema).exactOptional(),
  links: z.array(linkSchema).exactOptional(),
  novaConfig: novaConfigSchema,
  /** Names of projects by id, for people to read. */
  projects: f.textMap.exactOptional(),
  contradictions: z.array(contradictionSchema).exactOptional(),
  gaps: z.array(gapSchema).exactOptional(),
};

/** The inventory document: everything that planning knows of a cloud, as one JSON value. */
export const inventorySchema = f.record({
  ...envelopeShape,
  hosts: z.array(hostSchema),
  servers: z.array(serverSchema),
});

export type Inventory = z.infer<typeof inventorySchema>;

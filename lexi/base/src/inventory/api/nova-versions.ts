import { z } from 'zod';
import type { Facts } from '../facts.ts';
import { present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** `GET /` of the compute service. */
const Versions = z.object({
  versions: z.array(z.object({ id: z.string(), version: maybe(z.string()) })),
});

/** The highest compute API microversion offered. */
export function readVersions(reply: Item): Facts {
  const versions = parseItems(Versions, [reply]).flatMap((raw) => raw.versions);
  const current = versions.find(({ id, version }) => id === 'v2.1' && /^\d+\.\d+$/.test(version ?? ''));
  return present({ source: 'api:nova-versions' as const, maxMicroversion: current?.version });
}

import { z } from 'zod';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { envelopeShape, formatVersion, type Inventory } from './document.ts';
import { toDiagnostics } from './document/diagnostics.ts';
import { hostSchema } from './document/host.ts';
import * as f from './document/primitives.ts';
import { serverSchema } from './document/server.ts';
import { limits } from './limits.ts';
import { capDiagnostics } from './problems.ts';
import { checkReferences } from './references.ts';
import { checkStructure } from './structure.ts';

/** After this many problems the rest of a list is not looked at. */
const enough = 2000;

/**
 * The inventory that a parsed JSON value holds; takes the value over. Throws one `InputError` with every problem,
 * the first hundred in full. References are looked at only once every record has its form.
 */
export function parseInventory(value: unknown, source?: string): Inventory {
  const problems: Diagnostic[] = [];
  const add = (more: readonly Diagnostic[]): void => {
    for (const each of more) problems.push(source === undefined ? each : { ...each, source });
  };
  const refuse = (): never => {
    throw new InputError(capDiagnostics(problems, problems.length >= enough));
  };
  const document = asObject(value);
  const wrong = document === undefined ? notADocument : (wrongVersion(document) ?? tooMany(document));
  if (document === undefined || wrong !== undefined) {
    add(wrong === undefined ? [] : [wrong]);
    return refuse();
  }
  add(checkStructure(document));
  if (problems.length > 0) return refuse();
  const inventory = parseMembers(document, add);
  if (inventory === undefined || problems.length > 0) return refuse();
  add(checkReferences(inventory));
  return problems.length > 0 ? refuse() : inventory;
}

type Add = (problems: readonly Diagnostic[]) => void;
type RawDocument = Readonly<Record<string, unknown>>;

const envelopeSchema = f.record(envelopeShape);

function parseMembers({ hosts, servers, ...envelope }: RawDocument, add: Add): Inventory | undefined {
  const around = envelopeSchema.safeParse(envelope);
  if (!around.success) add(toDiagnostics(around.error.issues, { input: envelope }));
  const hostRecords = parseList('hosts', hosts, hostSchema, add);
  const serverRecords = parseList('servers', servers, serverSchema, add);
  if (!around.success || hostRecords === undefined || serverRecords === undefined) return undefined;
  return { ...around.data, hosts: hostRecords, servers: serverRecords };
}

/** One record at a time, each let go as soon as it is read: the list is never held twice. */
function parseList<Schema extends z.ZodType>(
  name: string,
  raw: unknown,
  schema: Schema,
  add: Add,
): z.output<Schema>[] | undefined {
  const list = anyList.safeParse(raw);
  if (!list.success) {
    add(toDiagnostics(list.error.issues, { path: [name], input: raw }));
    return undefined;
  }
  const records: z.output<Schema>[] = [];
  let found = 0;
  for (let at = 0; at < list.data.length && found < enough; at += 1) {
    const item = list.data[at];
    const parsed = schema.safeParse(item);
    list.data[at] = undefined;
    if (parsed.success) records.push(parsed.data);
    else {
      found += parsed.error.issues.length;
      add(toDiagnostics(parsed.error.issues, { path: [name, at], input: item }));
    }
  }
  return records;
}

const anyList = z.custom<unknown[]>((value) => Array.isArray(value), 'expected a list');
const anyObject = z.custom<RawDocument>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const asObject = (value: unknown): RawDocument | undefined => anyObject.safeParse(value).data;

const notADocument: Diagnostic = {
  code: 'inventory.malformed',
  severity: 'error',
  summary: 'an inventory is a JSON object',
  path: '$',
};

function wrongVersion({ formatVersion: found }: RawDocument): Diagnostic | undefined {
  if (found === formatVersion) return undefined;
  const value = typeof found === 'number' || typeof found === 'string' ? found : undefined;
  return {
    code: 'inventory.format-version',
    severity: 'error',
    summary:
      value === undefined
        ? 'there is no format version: this is no inventory'
        : 'this program does not read this format version of inventories',
    path: '$.formatVersion',
    ...(value !== undefined && { value }),
    limit: formatVersion,
    hint:
      typeof found === 'number' && found > formatVersion
        ? 'a newer planner wrote it: use that one, or import the cloud again'
        : 'make one with `planner import`',
  };
}

function tooMany({ hosts, servers }: RawDocument): Diagnostic | undefined {
  const over = (name: string, list: unknown, limit: number): Diagnostic | undefined =>
    Array.isArray(list) && list.length > limit
      ? {
          code: 'inventory.too-large',
          severity: 'error',
          summary: `${list.length} ${name} are more than this program reads`,
          path: `$.${name}`,
          value: list.length,
          limit,
          hint: 'import one region or Nova cell at a time',
        }
      : undefined;
  return over('hosts', hosts, limits.hosts) ?? over('servers', servers, limits.servers);
}

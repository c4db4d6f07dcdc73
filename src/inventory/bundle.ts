import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { apiReaders } from './api/readers.ts';
import { assembleInventory } from './assemble.ts';
import { type Bundle, openBundle } from './bundle-files.ts';
import { cliReaders } from './cli/readers.ts';
import { combineFacts } from './combine.ts';
import { dbReaders } from './db/readers.ts';
import type { Inventory } from './document.ts';
import type { Contradiction, Gap } from './document/cloud-records.ts';
import type { Facts, Source } from './facts.ts';
import { readHostFacts } from './host-facts/readers.ts';
import { ioProblem, isSystemError } from './io-problem.ts';
import { readMetrics } from './metrics/readers.ts';
import { parseInventory } from './parse.ts';
import { capDiagnostics } from './problems.ts';
import { readRecordingFile } from './recording-file.ts';

/** What an import found, for the operator to read. */
export interface ImportReport {
  /** How much each source told, in the order in which they were read. */
  readonly sources: readonly { readonly source: Source; readonly hosts: number; readonly servers: number }[];
  readonly hosts: number;
  readonly servers: number;
  readonly contradictions: readonly Contradiction[];
  readonly gaps: readonly Gap[];
}

export interface ImportOptions {
  /** When the cloud was read, RFC 3339; by default the latest instant that its records name. */
  readonly capturedAt?: string;
  /** Folders of the recording that are kept elsewhere, such as `host-facts`. */
  readonly folders?: ReadonlyMap<string, string>;
  /** What was looked for in vain for these folders. */
  readonly gaps?: readonly Gap[];
}

/**
 * Imports a directory of recordings: `api/<service>/` as the APIs gave them, `cli/` as the client printed them, `db/`
 * as rows of tables, `host-facts/<host>/` as libvirt and its like printed them, `metrics/` as Prometheus gave them; any
 * of these. Throws one `InputError` with everything that cannot be read; what is merely missing is in the report.
 */
export function importBundle(
  directory: string,
  options: ImportOptions = {},
): { readonly inventory: Inventory; readonly report: ImportReport } {
  const bundle = openBundle(directory, options.folders);
  const recording = readRecordingFile(bundle);
  const facts = readAll(bundle);
  const combined = combineFacts(facts);
  // a listing that two readers want is looked at twice
  const gaps = [...recording.gaps, ...(options.gaps ?? []), ...bundle.gaps];
  combined.gaps.unshift(
    ...gaps.filter((gap, at) => gaps.findIndex((each) => each.summary === gap.summary) === at),
  );
  if (combined.hosts.size === 0) throw new InputError([nothingThere(directory)]);
  const capturedAt = options.capturedAt ?? recording.capturedAt ?? combined.seenAt;
  if (capturedAt === undefined) throw new InputError([noTime(directory)]);
  // what the reader of files would refuse is never handed out
  const inventory = parseInventory(assembleInventory(combined, capturedAt), directory);
  return { inventory, report: toReport(inventory, facts) };
}

const readers: readonly ((bundle: Bundle) => Facts | readonly Facts[] | undefined)[] = [
  ...apiReaders,
  ...cliReaders,
  ...dbReaders,
  readHostFacts,
  readMetrics,
];

function readAll(bundle: Bundle): Facts[] {
  const problems: Diagnostic[] = [];
  const facts: Facts[] = [];
  for (const read of readers) {
    try {
      facts.push(...[read(bundle) ?? []].flat());
    } catch (error) {
      if (error instanceof InputError) problems.push(...error.diagnostics);
      else if (isSystemError(error)) {
        problems.push(ioProblem('inventory.unreadable', 'read', error.path ?? bundle.directory, error));
      } else throw error;
    }
  }
  if (problems.length > 0) throw new InputError(capDiagnostics(problems));
  return facts;
}

const toReport = (
  { contradictions = [], gaps = [], hosts, servers }: Inventory,
  facts: readonly Facts[],
): ImportReport => ({
  sources: facts.map((each) => ({
    source: each.source,
    hosts: each.hosts?.size ?? 0,
    servers: each.servers?.size ?? 0,
  })),
  hosts: hosts.length,
  servers: servers.length,
  contradictions,
  gaps,
});

const nothingThere = (directory: string): Diagnostic => ({
  code: 'inventory.no-hosts',
  severity: 'error',
  summary: 'no source lists a compute host',
  source: directory,
  hint: 'a recording holds api/nova/os-services*.json, cli/compute-service-list.json, db/compute_nodes.jsonl, host-facts/<host>/ or metrics/host-*.json',
});

const noTime = (directory: string): Diagnostic => ({
  code: 'inventory.no-time',
  severity: 'error',
  summary: 'no record says when the cloud was read',
  source: directory,
  hint: 'give the time of the recording',
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBundle, type ImportReport } from '../inventory/bundle.ts';
import type { Inventory } from '../inventory/document.ts';
import { saveMetrics } from '../inventory/live/prometheus.ts';
import { type MetricQuery, readQueries, usualQueries } from '../inventory/live/prometheus-queries.ts';
import { readCloud } from '../inventory/live/read-cloud.ts';
import { createHttpsTransport } from '../openstack/http/https-transport.ts';
import { openCloud } from '../openstack/open-cloud.ts';
import { InputError } from '../shared/diagnostic.ts';
import { createRng } from '../shared/rng.ts';
import type { CliContext } from './context.ts';
import { readTextFile } from './files.ts';
import { type NovaDbWish, readNovaDb, usualNovaDb } from './import-nova-db.ts';
import { createLine } from './progress.ts';

export interface CloudImport {
  /** As in `clouds.yaml`; without one what `OS_CLOUD` or the other variables say. */
  readonly cloud?: string;
  /** A folder that keeps the replies. */
  readonly record?: string;
  /** Facts of hosts that were gathered by other means. */
  readonly hostFacts?: string;
  /** The address of Prometheus, and a file of queries in the place of the usual ones. */
  readonly prometheus?: string;
  readonly queries?: string;
  /** Nova's databases, for what no API tells; else those of `PLANNER_NOVA_DB`. */
  readonly novaDb?: NovaDbWish;
  readonly quiet?: boolean;
}

export interface Imported {
  readonly inventory: Inventory;
  readonly report: ImportReport;
}

/**
 * Reads a live cloud; how far it is stands on standard error. Its replies are in a folder of their own meanwhile,
 * which is gone afterwards where nobody wanted to keep it.
 *
 * @throws InputError when nothing describes the cloud, or it does not tell what an inventory needs.
 */
export async function importCloud(wanted: CloudImport, context: CliContext): Promise<Imported> {
  const { cloud, record, hostFacts } = wanted;
  const { surroundings } = context;
  const queries =
    wanted.queries === undefined
      ? usualQueries
      : readQueries(await readTextFile(wanted.queries), wanted.queries);
  // Whoever sits before a terminal is told even of a quiet import why it stands still.
  const waits = createLine(context, false);
  const session = openCloud({
    surroundings,
    ...(cloud !== undefined && { name: cloud }),
    onWait(text) {
      waits.show(() => text);
    },
  });
  if (record !== undefined) await refuseUnlessEmpty(record);
  const directory = record ?? (await mkdtemp(join(tmpdir(), 'planner-import-')));
  const line = createLine(context, wanted.quiet === true);
  const abort = new AbortController();
  const forget = context.onInterrupt(() => {
    abort.abort();
  });
  const onto = { signal: abort.signal, line };
  try {
    // first, and quickly: of all that is read it changes most
    const novaDb = wanted.novaDb ?? usualNovaDb(context);
    const gaps = novaDb === undefined ? [] : await readNovaDb(novaDb, join(directory, 'db'), context, onto);
    await readCloud({
      session,
      directory,
      gaps,
      now: context.wallClock(),
      signal: abort.signal,
      onProgress: ({ done, total, what }) => {
        line.show(() => `reading ${what}: ${done}${total === undefined ? '' : ` of ${total}`}`);
      },
    });
    if (wanted.prometheus !== undefined)
      await readMetrics(wanted.prometheus, queries, directory, context, abort.signal);
    const folders = new Map(hostFacts === undefined ? [] : [['host-facts', hostFacts]]);
    return importBundle(directory, { folders });
  } finally {
    forget();
    line.clear();
    waits.clear();
    session.close();
    if (record === undefined) await rm(directory, { recursive: true, force: true });
  }
}

const metricsTimeoutMs = 120_000;
const maxMetricBytes = 512 * 2 ** 20;

async function readMetrics(
  url: string,
  queries: ReadonlyMap<string, MetricQuery>,
  directory: string,
  context: CliContext,
  signal: AbortSignal,
): Promise<void> {
  const transport = createHttpsTransport({
    tls: { verify: true },
    timeoutMs: metricsTimeoutMs,
    connections: 1,
    maxReplyBytes: maxMetricBytes,
  });
  try {
    await saveMetrics({
      url,
      queries,
      directory,
      signal,
      transport,
      now: context.wallClock(),
      sleep: (ms) => context.sleep(ms / 1000),
      rng: createRng(0),
    });
  } finally {
    transport.close();
  }
}

/** Replies of two times in one folder would be taken for one cloud. */
async function refuseUnlessEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  throw new InputError([
    {
      code: 'usage.option',
      severity: 'error',
      summary: 'the folder is not empty',
      source: '--record',
      value: folder,
      hint: 'name one that is empty or not there yet',
    },
  ]);
}

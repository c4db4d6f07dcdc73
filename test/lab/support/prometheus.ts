import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { labMark } from './processes.ts';
import { freePort } from './unpacked.ts';
import { waitFor } from './wait.ts';

export const prometheusProgram = 'usr/bin/prometheus';

/** What an exporter says: lines of the text format. */
export type Exporter = readonly string[];

/** Counters that grow evenly: by how much a second. */
export type Counters = Readonly<Record<string, number>>;

export interface Prometheus {
  readonly url: string;
  /** The value of a query that gives one; undefined while it gives none. */
  value(query: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

const Answer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/**
 * Prometheus on a free port, which looks at exporters each second; their series carry the names as `instance`. Counters
 * have grown for some hours already: a rate over minutes needs as many.
 */
export async function startPrometheus(
  folder: string,
  exporters: ReadonlyMap<string, Exporter>,
  counters: Counters,
): Promise<Prometheus> {
  const names = [...exporters.keys()];
  const series = join(folder, 'series');
  writeFileSync(join(folder, 'history'), history(counters));
  execFileSync(
    join(folder, 'usr/bin/promtool'),
    ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history'), series],
    { stdio: 'pipe' },
  );
  const pages = createServer((request, response) => {
    const lines = exporters.get(names[Number(request.url?.slice(1))] ?? '') ?? [];
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\n`);
  });
  const address = await new Promise<AddressInfo | string | null>((resolve) =>
    pages.listen(0, '127.0.0.1', () => {
      resolve(pages.address());
    }),
  );
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const jobs = names.map((instance, at) => ({
    job_name: `exporter-${at}`,
    scrape_interval: '1s',
    metrics_path: `/${at}`,
    static_configs: [{ targets: [`127.0.0.1:${address.port}`], labels: { instance } }],
  }));
  // JSON is YAML
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: jobs }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    join(folder, prometheusProgram),
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${series}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { cwd: folder, env: { PATH: '/usr/bin', ...labMark }, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const value = async (query: string) => {
    const reply = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const [first] = Answer.parse(await reply.json()).data.result;
    return first === undefined ? undefined : Number(first.value[1]);
  };
  await waitFor({ what: 'Prometheus', everySeconds: 0.2 }, () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    url,
    value,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      pages.close();
    },
  };
}

const historySeconds = 3 * 3600;
const stepSeconds = 60;

/** A sample a minute until now, in the OpenMetrics format. */
function history(counters: Counters): string {
  const now = Math.floor(Date.now() / 1000);
  const lines = Object.entries(counters).flatMap(([series, perSecond]) =>
    Array.from({ length: historySeconds / stepSeconds }, (_, at) => {
      const ago = historySeconds - (at + 1) * stepSeconds;
      return `${series} ${(historySeconds - ago) * perSecond} ${now - ago}`;
    }),
  );
  return [...lines, '# EOF', ''].join('\n');
}

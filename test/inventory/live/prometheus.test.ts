import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { saveMetrics } from '../../../src/inventory/live/prometheus.ts';
import { readQueries, usualQueries } from '../../../src/inventory/live/prometheus-queries.ts';
import { openBundle } from '../../../src/inventory/bundle-files.ts';
import { readMetrics } from '../../../src/inventory/metrics/readers.ts';
import type { HttpReply, HttpRequest } from '../../../src/openstack/http/transport.ts';
import { TransportError } from '../../../src/openstack/http/transport.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { problemsOf, temporaryFolder } from '../support/bundles.ts';

const now = Date.parse('2026-11-21T10:00:00Z');

async function metricsOf(answer: (url: URL) => HttpReply, url = 'http://prometheus:9090/') {
  const directory = temporaryFolder();
  const asked: HttpRequest[] = [];
  await saveMetrics({
    url,
    queries: usualQueries,
    directory,
    now,
    rng: createRng(1),
    sleep: () => Promise.resolve(),
    transport: {
      send(request) {
        asked.push(request);
        return Promise.resolve(answer(new URL(request.url)));
      },
      close: () => undefined,
    },
  });
  return { directory, asked };
}

const reply = (body: unknown, status = 200): HttpReply => ({
  status,
  headers: {},
  text: JSON.stringify(body),
});

const vector = (metric: object) =>
  reply({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric, value: [now / 1000, '1'] }] },
  });
const matrix = (metric: object) =>
  reply({
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric, values: [[now / 1000, '42']] }] },
  });

it('asks for the last day in steps of five minutes, and the import reads the answers', async () => {
  const labels = { domain: 'instance-1', instance: '10.0.0.1:9177' };
  const { asked, directory } = await metricsOf(({ pathname }) =>
    pathname === '/api/v1/query' ? vector({ ...labels, uuid: 's1' }) : matrix(labels),
  );
  const url = new URL(asked[0]?.url ?? '');

  expect(Object.fromEntries(url.searchParams)).toEqual({
    query: '100 - 100 * avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
    start: '1795168800',
    end: '1795255200',
    step: '300',
  });
  const [[id, facts] = []] = [...(readMetrics(openBundle(directory))?.servers ?? [])];
  expect(id).toBe('s1');
  expect(facts).toMatchObject({ usage: { cpuPercent: 42 }, memoryUsedPercent: 42, dirtyRateMiBps: 42 });
});

it('keeps the refusal of a query, which the import reports', async () => {
  const { directory } = await metricsOf(() =>
    reply({ status: 'error', errorType: 'bad_data', error: 'parse error' }, 400),
  );
  const bundle = openBundle(directory);

  expect(readMetrics(bundle)).toBeUndefined();
  expect(bundle.gaps[0]?.summary).toBe('metrics/host-cpu-percent.json holds an error: parse error');
});

it('sends user and password of the address as such, and shows them nowhere', async () => {
  const url = 'http://ann:hidden-word@prometheus:9090';
  const { asked, directory } = await metricsOf(() => matrix({}), url);

  expect(asked[0]?.url).toMatch(/^http:\/\/prometheus:9090\/api/);
  expect(asked[0]?.headers['authorization']).toBe(
    `Basic ${Buffer.from('ann:hidden-word').toString('base64')}`,
  );
  for (const name of readdirSync(join(directory, 'metrics')))
    expect(readFileSync(join(directory, 'metrics', name), 'utf8')).not.toContain('hidden-word');
  const failure = metricsOf(() => {
    throw new TransportError('unreachable', 'no hidden-word');
  }, url);
  await expect(failure).rejects.toMatchObject({
    diagnostics: [
      { code: 'metrics.not-read', summary: 'Prometheus does not answer query host-cpu-percent: no ***' },
    ],
  });
});

it('takes queries of a file in the place of the usual ones', () => {
  const queries = readQueries('{"vm-cpu-percent": "mine", "vm-dirty-rate": ""}', 'queries.json');

  expect([queries.get('vm-cpu-percent')?.query, queries.get('vm-dirty-rate')?.query]).toEqual(['mine', '']);
  expect(queries.get('domain-info-meta')).toEqual({ range: false, query: 'libvirt_domain_info_meta' });
  expect(problemsOf(() => readQueries('{"vm-cpu": "x", "vm-dirty-rate": 3}', 'queries.json'))).toHaveLength(
    2,
  );
});

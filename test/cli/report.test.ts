import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageData } from '../../src/report/page/page-data.ts';
import { readPageData } from '../../src/report/page/packed.ts';
import { folder, importRecording, plannerInside, type Ran } from './run-planner.ts';

const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(name), 'utf8');

const report = (...words: readonly string[]): Promise<Ran> => plannerInside(['report', ...words]);

const dataIn = (html: string): PageData =>
  readPageData(/id="plan-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');

let planned: Ran;

beforeAll(async () => {
  importRecording();
  renameSync(path('inventory.json'), path('cloud.json'));
  const words = ['rebalance', '--goal', 'consolidate', '--allow', 'cold', '--effort', '1'];
  planned = await plannerInside([...words, '--inventory', path('cloud.json'), '--out', path('plan.json')]);
});

describe('planner report', () => {
  it('writes the page beside the plan, with a map of the cloud that it was made from', async () => {
    expect(planned.status).toBe(0);

    const { status, stdout, stderr } = await report(path('plan.json'), '--inventory', path('cloud.json'));

    expect(status).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^the review page of plan [0-9a-f]{12} is .*plan\.html\n$/);
    const html = read('plan.html');
    expect(html).toContain('<script>drawn()</script>');
    const { title, hosts, servers, steps, cloud, warnings } = dataIn(html);
    expect(title).toMatch(/^Consolidate: \d+ hosts? freed by \d+ moves$/);
    expect([hosts.length, servers.length]).toEqual([12, 89]);
    expect(cloud?.events).toHaveLength(2 * steps.length);
    expect(warnings.filter(({ text }) => text.includes('another inventory'))).toEqual([]);
  });

  it('writes the same as JSON, and again the same', async () => {
    const words = [path('plan.json'), '--inventory', path('cloud.json')];
    await report(...words, '-o', path('a.html'));

    const { stdout } = await report(...words, '--json');
    await report(...words, '-o', path('b.html'));

    expect(JSON.parse(stdout)).toEqual(dataIn(read('a.html')));
    expect(read('b.html')).toBe(read('a.html'));
  });

  it('writes to standard output', async () => {
    const { stdout, stderr } = await report(path('plan.json'), '--inventory', path('cloud.json'), '-o', '-');

    expect(stdout).toMatch(/^<!doctype html>\n[^]*<\/html>\n$/);
    expect(stderr).toBe('');
  });

  it('has no map without an inventory, and says why and how to get one', async () => {
    const { status, stdout, stderr } = await report(path('plan.json'), '-o', '-');

    expect(status).toBe(0);
    expect(stderr).toBe(
      'no map of hosts: there is no inventory.json here; --inventory FILE names the one of the plan\n',
    );
    expect(dataIn(stdout).cloud).toBeUndefined();
    expect(dataIn(stdout).noCloud).toContain('--inventory FILE');
  });

  it('says on the page and beside it that the inventory is another one', async () => {
    const inventory = JSON.parse(read('cloud.json')) as { servers: { host?: string }[] };
    writeFileSync(
      path('other.json'),
      JSON.stringify({
        ...inventory,
        capturedAt: '2026-11-21T00:00:00Z',
        servers: inventory.servers.slice(1),
      }),
    );

    const { status, stdout, stderr } = await report(
      path('plan.json'),
      '--inventory',
      path('other.json'),
      '-o',
      '-',
    );

    expect(status).toBe(0);
    expect(stderr).toContain('warning report.other-inventory');
    expect(dataIn(stdout).warnings[0]?.text).toContain('the map is of another inventory');
  });

  it.each([
    ['the plan itself', 'plan.json'],
    ['the inventory', 'cloud.json'],
    ['the journal of a run', 'x.journal.jsonl'],
  ])('does not write over %s', async (what, name) => {
    writeFileSync(path('x.journal.jsonl'), 'kept');
    const before = read(name);

    const { status, stderr } = await report(
      path('plan.json'),
      '--inventory',
      path('cloud.json'),
      '-o',
      path(name),
    );

    expect(status).toBe(2);
    expect(stderr).toContain(`this is ${what}`);
    expect(read(name)).toBe(before);
  });

  it('tells what is wrong with the plan and with the inventory at once, and writes nothing', async () => {
    const { status, stderr } = await report(path('none.json'), '--inventory', path('neither.json'));

    expect(status).toBe(2);
    expect(stderr).toContain('none.json');
    expect(stderr).toContain('neither.json');
    expect(existsSync(path('none.html'))).toBe(false);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Row, type RowResult, rows } from './rows.ts';
import { type Kept, renderResults } from './table.ts';

/**
 * Measures every row, each in a process of its own, and writes after each what is known so far: a run that was stopped
 * goes on where it was. `--quick` measures a few rows and only prints them.
 */
const resultsFile = fileURLToPath(new URL('results.json', import.meta.url));
const tableFile = fileURLToPath(new URL('RESULTS.md', import.meta.url));

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string' },
    row: { type: 'string' },
  },
});
if (values.row === undefined) measureAll();
else await measureHere(values.row);

function measureAll(): void {
  const chosen = rows.filter(
    ({ id, quick }) => (!values.quick || quick) && (values.only === undefined || id.includes(values.only)),
  );
  const kept = new Map((values.quick ? [] : readKept()).map((row) => [row.id, row]));
  for (const row of chosen) {
    const missing = row.missing();
    if (missing !== undefined) process.stdout.write(`${row.id}: ${missing}\n`);
    else if (kept.has(row.id) && !values.fresh) process.stdout.write(`${row.id}: measured before\n`);
    else measure(row, kept);
  }
}

/** Measures one row in a process of its own, so that time and memory are its own. */
function measure(row: Row, kept: Map<string, Kept>): void {
  const script = fileURLToPath(import.meta.url);
  const options = ['--max-old-space-size=3000', '--import', 'tsx', script, '--row', row.id];
  const child = spawnSync(process.execPath, options, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) {
    process.stdout.write(`${row.id}: failed with exit code ${child.status ?? 'none'}\n`);
    process.exitCode = 1;
    return;
  }
  const result = JSON.parse(child.stdout) as RowResult; // what measureHere printed
  process.stdout.write(`${row.id}: ${JSON.stringify(result)}\n`);
  if (result.broken > 0) process.exitCode = 1;
  kept.set(row.id, {
    ...result,
    id: row.id,
    group: row.group,
    command: row.command,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    measuredAt: new Date().toISOString(),
  });
  if (values.quick) return;
  const order = new Map(rows.map(({ id }, i) => [id, i]));
  const all = [...kept.values()].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  writeFileSync(resultsFile, `${JSON.stringify(all, undefined, 2)}\n`);
  writeFileSync(
    tableFile,
    renderResults(
      all,
      rows.map(({ id }) => id),
    ),
  );
}

async function measureHere(id: string): Promise<void> {
  const row = rows.find((known) => known.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  process.stdout.write(`${JSON.stringify(await row.run())}\n`);
}

/** What our own earlier run has written. */
function readKept(): readonly Kept[] {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as readonly Kept[]) : [];
}

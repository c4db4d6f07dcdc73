import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Machine, readLock, takeLock } from '../../../src/execute/journal/lock.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-lock-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const began = '2026-02-14T22:00:00.000Z';
const machine = (pid: number, alive: readonly number[], host = 'admin'): Machine => ({
  process: { pid, host, startedAt: began },
  startOf: (other) => (alive.includes(other) ? began : undefined),
});

it('a lock is held while its process lives, and taken over when it has died', async () => {
  const path = join(folder, 'a.lock');
  const first = await takeLock(path, machine(1, [1, 2]));
  expect(first.kind).toBe('taken');

  expect(await takeLock(path, machine(2, [1, 2]))).toEqual({
    kind: 'held',
    by: { pid: 1, host: 'admin', startedAt: began, alive: 'yes' },
  });
  const second = await takeLock(path, machine(2, [2]));

  expect(second.kind).toBe('taken');
  expect(await readLock(path, machine(3, [2]))).toMatchObject({ pid: 2, alive: 'yes' });
  if (second.kind === 'taken') await second.release();
  expect(await readLock(path, machine(3, []))).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

it('a number that another process has got since is not the holder', async () => {
  const path = join(folder, 'b.lock');
  await takeLock(path, machine(1, [1]));

  const later: Machine = { ...machine(2, []), startOf: () => '2026-03-01T00:00:00.000Z' };

  expect((await takeLock(path, later)).kind).toBe('taken');
});

it('nobody can tell whether a process of another host lives: it holds', async () => {
  const path = join(folder, 'c.lock');
  await takeLock(path, machine(1, [1], 'elsewhere'));

  expect(await takeLock(path, machine(2, [2]))).toMatchObject({ kind: 'held', by: { alive: 'unknown' } });
});

it('of many that want it at once one gets it, a stale one or none being there', async () => {
  for (const stale of [true, false]) {
    const path = join(folder, `d-${String(stale)}.lock`);
    if (stale) writeFileSync(path, JSON.stringify({ pid: 99, host: 'admin', startedAt: began }));
    const pids = Array.from({ length: 20 }, (_, index) => index + 1);

    const all = await Promise.all(pids.map((pid) => takeLock(path, machine(pid, pids))));

    expect(all.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  }
});

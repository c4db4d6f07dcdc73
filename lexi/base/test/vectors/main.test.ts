import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
const main = fileURLToPath(new URL('main.ts', import.meta.url));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const aCase = (id: string, input: object) => JSON.stringify({ id, suite: 'aggregate-extra-specs', input });
const yes = aCase('aggregate-extra-specs-9-00000', { kind: 'match', value: '2', requirement: '>= 1' });
const broken = aCase('aggregate-extra-specs-9-00001', { kind: 'match', value: 2, requirement: '>= 1' });

it.each(['plain.jsonl', 'packed.jsonl.gz'])('answers the cases of %s', (name) => {
  const input = join(folder, name);
  const output = join(folder, `${name}.answers`);
  writeFileSync(input, name.endsWith('.gz') ? gzipSync(`${yes}\n`) : `${yes}\n`);

  expect(run('--in', input, '--out', output)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(output, 'utf8')).toBe(
    '{"id":"aggregate-extra-specs-9-00000","verdict":{"passes":true}}\n',
  );
});

it.each([
  ['is not JSON', '{"id":', /bad\.jsonl:2: not JSON: /],
  ['does not keep to the format', broken, /bad\.jsonl:2: aggregate-extra-specs: input\.value: /],
  [
    'is of no suite',
    JSON.stringify({ id: 'x', suite: 'y', input: {} }),
    /bad\.jsonl:2: unknown suite y; known: /,
  ],
])('names file and line that %s, writes nothing and ends with 2', (_, line, message) => {
  const input = join(folder, 'bad.jsonl');
  const output = join(folder, 'bad.answers');
  writeFileSync(input, `${yes}\n${line}\n`);

  const { status, stderr } = run('--in', input, '--out', output);

  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(readdirSync(folder).filter((name) => name.startsWith('bad.answers'))).toEqual([]);
});

it('ends with 2 when a file cannot be read or an option is missing', () => {
  expect(run('--in', join(folder, 'none.jsonl'), '--out', join(folder, 'o'))).toMatchObject({ status: 2 });
  expect(run('--in', join(folder, 'none.jsonl'))).toMatchObject({ status: 2 });
  expect(run('--nonsense')).toMatchObject({ status: 2 });
});

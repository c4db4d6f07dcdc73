import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInventory, writeInventory } from '../../src/inventory/inventory-file.ts';
import { parseInventory } from '../../src/inventory/parse.ts';
import { inventoryDigest, inventoryText } from '../../src/inventory/print.ts';
import { formatDiagnostic, InputError } from '../../src/shared/diagnostic.ts';
import { problemsOf, temporaryFolder, zedInventory } from './support/bundles.ts';

const text = inventoryText(zedInventory());

/** The problems of a file of this content, as people read them. */
function readingOf(content: string | Uint8Array): string[] {
  const path = join(temporaryFolder(), 'inventory.json');
  writeFileSync(path, content);
  return problemsOf(() => readInventory(path)).map((problem) =>
    formatDiagnostic(problem).replaceAll(path, 'FILE'),
  );
}

describe('an inventory file', () => {
  it('holds what was written, plain or gzipped, whatever its name says', () => {
    const folder = temporaryFolder();
    const inventory = zedInventory();

    writeInventory(join(folder, 'plain.json'), inventory);
    writeInventory(join(folder, 'zipped.json.gz'), inventory);
    writeFileSync(join(folder, 'misnamed.json'), readFileSync(join(folder, 'zipped.json.gz')));

    for (const name of ['plain.json', 'zipped.json.gz', 'misnamed.json']) {
      expect(readInventory(join(folder, name))).toEqual(inventory);
    }
    expect(readFileSync(join(folder, 'zipped.json.gz')).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it('has the same bytes whatever the order of members', () => {
    const inventory = zedInventory();
    const reversed = Object.fromEntries(Object.entries(zedInventory()).reverse());

    expect(inventoryText(parseInventory(reversed))).toBe(inventoryText(inventory));
    expect(inventoryDigest(parseInventory(JSON.parse(text)))).toBe(inventoryDigest(inventory));
  });

  it('has one record a line, so that two can be compared', () => {
    const lines = text.split('\n');

    expect(lines.filter((line) => line.includes('"projectId":'))).toHaveLength(89);
    expect(lines[0]).toBe('{');
  });

  it('carries unknown members that begin with x-, anywhere', () => {
    const inventory = zedInventory();
    const hosts = inventory.hosts.map((host) => ({
      ...host,
      'x-rack-unit': 7,
      service: { ...host.service, 'x-odd': true },
    }));
    const marked = { ...inventory, 'x-note': { seen: [1, null] }, hosts };

    const read = parseInventory(structuredClone(marked));

    expect(JSON.parse(inventoryText(read))).toEqual(marked);
  });

  it('stands as it stood when writing fails, and nothing is left beside it', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'inventory.json');
    mkdirSync(path);

    expect(
      problemsOf(() => {
        writeInventory(path, zedInventory());
      }).map(({ code }) => code),
    ).toEqual(['inventory.unwritable']);
    expect(readdirSync(folder)).toEqual(['inventory.json']);
    expect(
      problemsOf(() => {
        writeInventory('/does/not/exist.json', zedInventory());
      }).map(({ code }) => code),
    ).toEqual(['inventory.unwritable']);
  });

  it('replaces an older file whole', () => {
    const path = join(temporaryFolder(), 'inventory.json');
    writeFileSync(path, 'x'.repeat(1_000_000));

    writeInventory(path, zedInventory());

    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('a file that is no inventory', () => {
  it('is named with what to do when it is not there, a directory, empty or binary', () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'));

    expect(problemsOf(() => readInventory(join(folder, 'none.json')))[0]).toMatchObject({
      code: 'inventory.unreadable',
      summary: 'the file cannot be read: ENOENT',
      hint: 'there is no such file: make one with `planner import`, or name another with --inventory',
    });
    expect(problemsOf(() => readInventory(folder))[0]).toMatchObject({ code: 'inventory.unreadable' });
    expect(problemsOf(() => readInventory(join(folder, 'loop')))[0]?.summary).toBe(
      'the file cannot be read: ELOOP',
    );
    expect(readingOf('')).toEqual(['error inventory.not-json: the file is empty (at FILE)']);
    expect(readingOf(Uint8Array.from([0xff, 0xfe, 0x00]))[0]).toContain('its bytes are not UTF-8');
  });

  it('is shown where it was cut off', () => {
    expect(readingOf(text.slice(0, 50_000))[0]).toMatch(
      /^error inventory\.not-json: the text ends at line \d+ column \d+ \(character 50000\) in the middle of a value \(at FILE\)\n {2}hint: the file was cut off/,
    );
  });

  it('is shown where it is damaged', () => {
    expect(readingOf('{\n "formatVersion": 1,\n "hosts": [1 2]}')[0]).toBe(
      'error inventory.not-json: line 3 column 14 (character 36) is not JSON: expected , or the closing bracket (at FILE)\n' +
        '  hint: the file is not JSON, or was damaged',
    );
  });

  it('may be gzipped and cut off, damaged, or far larger inside', () => {
    const zipped = gzipSync(text);
    const bomb = gzipSync(Buffer.alloc(600 * 2 ** 20));

    expect(readingOf(zipped.subarray(0, 5000))[0]).toContain('the gzipped file was cut off');
    expect(readingOf(Buffer.from(zipped).fill(0, 600, 700))[0]).toContain('the gzipped file is damaged');
    expect(readingOf(bomb)[0]).toContain('error inventory.too-large: what is gzipped here is more than');
  });

  it('may have another version, or none', () => {
    expect(readingOf('{"formatVersion": 2}')).toEqual([
      'error inventory.format-version: this program does not read this format version of inventories' +
        ' (at FILE $.formatVersion, value 2, limit 1)\n' +
        '  hint: a newer planner wrote it: use that one, or import the cloud again',
    ]);
    expect(readingOf('{"steps": []}')[0]).toContain('this is no inventory');
    expect(readingOf('[]')[0]).toContain('an inventory is a JSON object');
  });

  it.each([
    ['fifty megabytes of nothing', () => Buffer.alloc(50_000_000, 'x')],
    ['fifty megabytes of opening brackets', () => Buffer.alloc(50_000_000, '[')],
    [
      'lists in lists, ten thousand deep',
      () => text.replace('{', `{"x-deep":${'['.repeat(10_000)}${']'.repeat(10_000)},`),
    ],
    ['objects in objects, ten thousand deep', () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a million servers', () => `{"formatVersion":1,"servers":[${'{"id":"s"},'.repeat(1_000_000)}{}]}`],
    ['millions of members', () => `{"formatVersion":1,${'"a":1,'.repeat(5_000_000)}"b":2}`],
    [
      'half a million servers that are none',
      () => `{"formatVersion":1,"servers":[${'{},'.repeat(400_000)}{}]}`,
    ],
  ])('is refused without a crash, with as many problems as anybody reads: %s', (_name, content) => {
    const problems = readingOf(content());

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(101);
  });

  it('never crashes the reader, whatever one member of it is', () => {
    const paths = pathsIn(JSON.parse(text)).filter((_path, at) => at % 7 === 0);
    const odd = fc.constantFrom<unknown>(null, -1, 1e300, 1.5, '', 'x'.repeat(5000), [], {}, true, '\ud800', [
      [[]],
    ]);

    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        const document: unknown = JSON.parse(text);
        put(document, path, value);
        try {
          parseInventory(document);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 20_261_120, numRuns: 300 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, member]) =>
      pathsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ].filter((each) => each.length > 0);
}

function put(root: unknown, path: Path, value: unknown): void {
  let at: unknown = root;
  for (const name of path.slice(0, -1)) at = Reflect.get(Object(at), name);
  Reflect.set(Object(at), path.at(-1) ?? '', value);
}

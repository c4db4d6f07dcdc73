import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTextFile, samePath, writeTextFile } from '../../src/cli/files.ts';
import { journalOf } from '../../src/cli/journal-file.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a written file', () => {
  it('is there whole, with nothing beside it', async () => {
    await writeTextFile(join(folder, 'a.json'), 'new');

    expect(readdirSync(folder)).toEqual(['a.json']);
    expect(await readTextFile(join(folder, 'a.json'))).toBe('new');
  });

  it('keeps the permissions of the one that it takes the place of, and the link that leads to it', async () => {
    const file = join(folder, 'a.json');
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    symlinkSync(file, join(folder, 'link.json'));

    await writeTextFile(join(folder, 'link.json'), 'new');

    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'link.json']);
  });

  it('is refused in the place of a folder, and in a folder that is not there', async () => {
    mkdirSync(join(folder, 'sub'));

    await expect(writeTextFile(join(folder, 'sub'), 'x')).rejects.toThrow(
      /file\.unwritable: cannot write the file: it is a folder/,
    );
    await expect(writeTextFile(join(folder, 'no', 'a'), 'x')).rejects.toThrow(
      /there is no such file or folder/,
    );
    expect(readdirSync(folder)).toEqual(['sub']);
  });

  it('leaves devices what they are', async () => {
    await writeTextFile('/dev/null', 'x');

    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

it('tells files of two names apart from one', async () => {
  writeFileSync(join(folder, 'a'), '');
  writeFileSync(join(folder, 'b'), '');

  expect(await samePath(join(folder, 'a'), join(folder, '.', 'a'))).toBe(true);
  expect(await samePath(join(folder, 'a'), join(folder, 'b'))).toBe(false);
  expect(await samePath(join(folder, 'a'), join(folder, 'c'))).toBe(false);
});

it('names the journal after the plan', () => {
  expect(journalOf('plan.json')).toBe('plan.journal.jsonl');
  expect(journalOf('a/b')).toBe('a/b.journal.jsonl');
});

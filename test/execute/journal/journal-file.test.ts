import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal, readJournal } from '../../../src/execute/journal/journal-file.ts';
import { parseJournal } from '../../../src/execute/journal/journal-schema.ts';
import { InputError } from '../../../src/shared/diagnostic.ts';
import { runner } from '../simulate.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-journal-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const now = (): string => '2026-02-14T22:00:00.000Z';
const started = {
  kind: 'run-started',
  formatVersion: 1,
  plan: 'abc',
  cloud: 'prod',
  simulated: false,
  process: runner,
} as const;

function codesOf(text: string): readonly string[] {
  try {
    parseJournal(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({ code, source }) => `${code} ${source ?? ''}`);
  }
}

const line = (seq: number, event: object): string => `${JSON.stringify({ seq, at: now(), ...event })}\n`;

describe('a journal', () => {
  it('has each line on the disk when append returns, and goes on where it ended', async () => {
    const path = join(folder, 'a.jsonl');
    const first = await openJournal(path, now);
    await first.append(started);
    expect(readFileSync(path, 'utf8')).toBe(line(1, started));
    await first.close();

    const second = await openJournal(path, now);
    await second.append({ kind: 'note', text: 'on it goes' });
    await second.close();

    expect((await readJournal(path)).entries.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
      '1 run-started',
      '2 note',
    ]);
  });

  it('writes over a last line that was cut off, wherever it was cut', async () => {
    const torn = line(2, { kind: 'note', text: 'größer' });
    for (let cut = 0; cut < Buffer.byteLength(torn); cut += 1) {
      const path = join(folder, 'torn.jsonl');
      writeFileSync(path, line(1, started));
      appendFileSync(path, Buffer.from(torn).subarray(0, cut));

      const journal = await openJournal(path, now);
      expect(journal.entries).toHaveLength(1);
      await journal.append({ kind: 'note', text: 'x' });
      await journal.close();

      expect(readFileSync(path, 'utf8')).toBe(line(1, started) + line(2, { kind: 'note', text: 'x' }));
    }
  });

  it('is refused with every line that is malformed', () => {
    const text = line(1, started) + 'nonsense\n' + line(3, { kind: 'note' }) + line(4, { kind: 'wish' });

    expect(codesOf(text)).toEqual([
      'journal.not-json the journal line 2',
      'journal.missing the journal line 3',
      'journal.malformed the journal line 4',
    ]);
  });

  it('is refused when lines are missing, when it begins in the middle, and in another version', () => {
    const note = { kind: 'note', text: 'x' };

    expect(codesOf(line(1, started) + line(3, note))).toEqual(['journal.gap the journal']);
    expect(codesOf(line(1, note))).toEqual(['journal.not-a-journal the journal']);
    expect(codesOf(line(1, { ...started, formatVersion: 2 }))).toEqual([
      'journal.version the journal line 1',
    ]);
  });

  it('is empty where there is none, and told where it cannot be written', async () => {
    expect((await readJournal(join(folder, 'none.jsonl'))).entries).toEqual([]);
    await expect(openJournal(join(folder, 'no', 'such.jsonl'), now)).rejects.toThrow(
      'cannot write the journal',
    );
  });
});

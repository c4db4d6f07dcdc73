import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { type Suite, suites } from './registry.ts';

/** A line of a file of cases: what answering it needs, and the text for those who compare. */
export interface Case {
  readonly id: string;
  readonly suiteName: string;
  readonly suite: Suite;
  readonly input: unknown;
  readonly line: string;
  readonly lineNumber: number;
}

/** A file of cases that cannot be read; the message names file and line. */
export class BadCases extends Error {}

const Line = z.object({ id: z.string(), suite: z.string().optional(), input: z.unknown() });

/** The cases of a JSON Lines file, gzipped if its name ends so, one at a time. */
export async function* readCases(file: string): AsyncGenerator<Case> {
  const bytes = createReadStream(file);
  const source = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  const failed = new Promise<never>((_, reject) => {
    bytes.on('error', reject);
    source.on('error', reject);
  });
  failed.catch(() => undefined); // awaited below, with the lines
  const lines = createInterface({ input: source, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (let lineNumber = 1; ; lineNumber++) {
    const next = await Promise.race([lines.next(), failed]).catch((error: unknown) => {
      throw new BadCases(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (next.done === true) return;
    if (next.value.trim() !== '') yield parseCase(file, next.value, lineNumber);
  }
}

/** The answer to a case. Throws `BadCases` when its input does not keep to the format of its suite. */
export function answer(file: string, { suite, suiteName, input, lineNumber }: Case): object {
  try {
    return suite.answer(input);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const where = ['input', ...(issue?.path ?? [])].join('.');
    throw new BadCases(`${file}:${lineNumber}: ${suiteName}: ${where}: ${issue?.message ?? 'invalid'}`);
  }
}

function parseCase(file: string, line: string, lineNumber: number): Case {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadCases(`${file}:${lineNumber}: not JSON: ${reason}`);
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadCases(
      `${file}:${lineNumber}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
    );
  }
  const { id, input } = parsed.data;
  const suiteName = parsed.data.suite ?? id.replace(/-\d+-\d+$/, '');
  const suite = suites.get(suiteName);
  if (suite === undefined) {
    throw new BadCases(
      `${file}:${lineNumber}: unknown suite ${suiteName}; known: ${[...suites.keys()].join(', ')}`,
    );
  }
  return { id, suiteName, suite, input, line, lineNumber };
}

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { plainJson } from '../shared/plain-json.ts';
import { brokenTextDiagnostics, schemaDiagnostics } from '../shared/schema-issues.ts';

/**
 * A JSON file in the shape of a schema; members that begin with `x-` are for others and are not kept.
 *
 * @throws InputError with every problem: the file cannot be read, is no JSON, or is not in that shape.
 */
export async function readJsonFile<Value>(
  path: string,
  kind: string,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const problem = (code: string, summary: string): Diagnostic => ({
    code: `${kind}.${code}`,
    severity: 'error',
    summary,
    source: path,
  });

  const { value: input, brokenTexts } = plainJson(await readJson(path, problem));
  const broken = brokenTextDiagnostics(brokenTexts, kind, path);
  const parsed = schema.safeParse(input);
  if (parsed.success && broken.length === 0) return parsed.data;
  const issues = parsed.error?.issues ?? [];
  throw new InputError([...broken, ...schemaDiagnostics(issues, { document: kind, source: path, input })]);
}

async function readJson(
  path: string,
  problem: (code: string, summary: string) => Diagnostic,
): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError([problem('unreadable', `cannot read the file: ${messageOf(error)}`)], {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError([problem('not-json', `not JSON: ${messageOf(error)}`)], { cause: error });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

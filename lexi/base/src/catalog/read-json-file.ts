import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { jsonPath } from '../shared/json-path.ts';

/**
 * A JSON file in the shape of a schema.
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

  const parsed = schema.safeParse(await readJson(path, problem));
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map((issue) => ({
      ...problem('malformed', issue.message),
      path: jsonPath(issue.path),
    })),
  );
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

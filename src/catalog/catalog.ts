import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { RuleContext } from '../constraints/context.ts';
import type { Profile } from '../model/profile.ts';
import type { Goal } from '../objective/goal.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { cpuTableSchema } from './cpu-table-schema.ts';
import { goalSchema } from '../objective/goal-schema.ts';
import { profileSchema } from './profile-schema.ts';
import { readJsonFile } from './read-json-file.ts';

/** The data that come with the program: goals and release profiles by name, ascending, and libvirt's CPU models. */
export interface Catalog {
  readonly goals: ReadonlyMap<string, Goal>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly cpuTable: RuleContext['cpuTable'];
}

/** `models/` of this package: beside `src/` as beside `dist/`. */
const shipped = fileURLToPath(new URL('../../models/', import.meta.url));

/**
 * Reads `goals/*.json`, `profiles/*.json` and `cpu-models.json` of a folder.
 *
 * @throws InputError with the problems of all files.
 */
export async function loadCatalog(folder: string = shipped): Promise<Catalog> {
  const parts = await Promise.allSettled([
    readFolder(join(folder, 'goals'), 'goal', goalSchema),
    readFolder(join(folder, 'profiles'), 'profile', profileSchema),
    readJsonFile(join(folder, 'cpu-models.json'), 'cpu-models', cpuTableSchema),
  ]);
  const problems = parts.flatMap((part) => (part.status === 'rejected' ? problemsOf(part.reason) : []));
  const [goals, profiles, cpuTable] = parts;
  if (goals.status === 'rejected' || profiles.status === 'rejected' || cpuTable.status === 'rejected')
    throw new InputError(problems);
  return { goals: goals.value, profiles: profiles.value, cpuTable: cpuTable.value };
}

/**
 * A goal that a user wrote. It may not bear the name of one that comes with the program: a plan names its goal.
 *
 * @throws InputError with every problem.
 */
export async function readGoalFile(path: string, catalog: Catalog): Promise<Goal> {
  const goal = await readJsonFile(path, 'goal', goalSchema);
  if (!catalog.goals.has(goal.name)) return goal;
  const summary = 'a goal with this name comes with planner';
  const hint = 'give the goal a name of its own';
  throw new InputError([
    { code: 'goal.name', severity: 'error', summary, source: path, path: '$.name', value: goal.name, hint },
  ]);
}

async function readFolder<Value extends { readonly name: string }>(
  folder: string,
  kind: string,
  schema: z.ZodType<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const files = (await listFolder(folder, kind)).filter((file) => file.endsWith('.json')).sort();
  const results = await Promise.allSettled(files.map((file) => readNamed(join(folder, file), kind, schema)));
  const values = new Map<string, Value>();
  const problems: Diagnostic[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') values.set(result.value.name, result.value);
    else problems.push(...problemsOf(result.reason));
  }
  if (problems.length > 0) throw new InputError(problems);
  return values;
}

async function listFolder(folder: string, kind: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const summary = `cannot list the folder: ${error instanceof Error ? error.message : String(error)}`;
    throw new InputError([{ code: `${kind}.unreadable`, severity: 'error', summary, source: folder }], {
      cause: error,
    });
  }
}

async function readNamed<Value extends { readonly name: string }>(
  path: string,
  kind: string,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const value = await readJsonFile(path, kind, schema);
  const expected = basename(path, '.json');
  if (value.name === expected) return value;
  const summary = 'a file of models/ is named after what it holds';
  throw new InputError([
    {
      code: `${kind}.name`,
      severity: 'error',
      summary,
      source: path,
      path: '$.name',
      value: value.name,
      limit: expected,
    },
  ]);
}

/** What one file had wrong; anything else is a bug and stays one. */
function problemsOf(reason: unknown): readonly Diagnostic[] {
  if (reason instanceof InputError) return reason.diagnostics;
  throw reason;
}

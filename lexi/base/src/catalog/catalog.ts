import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { RuleContext } from '../constraints/context.ts';
import type { Goal } from '../objective/goal.ts';
import { compareText } from '../shared/collections.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { jsonPath } from '../shared/json-path.ts';
import { cpuTableSchema } from './cpu-table-schema.ts';
import { goalSchema } from '../objective/goal-schema.ts';
import { type ProfileFile, profileFileSchema } from './profile-file-schema.ts';
import { readJsonFile } from './read-json-file.ts';
import type { ReleaseTable, ShippedProfile } from './release-table.ts';
import { releaseTableSchema } from './release-table-schema.ts';
import { resolveProfile } from './resolve-profile.ts';

/**
 * The data that come with the program: goals and release profiles by name, ascending, what each release of Nova does,
 * and libvirt's CPU models.
 */
export interface Catalog {
  readonly goals: ReadonlyMap<string, Goal>;
  readonly profiles: ReadonlyMap<string, ShippedProfile>;
  readonly releases: ReleaseTable;
  readonly cpuTable: RuleContext['cpuTable'];
}

/** `models/` of this package: beside `src/` as beside `dist/`. */
const shipped = fileURLToPath(new URL('../../models/', import.meta.url));

/**
 * Reads `goals/*.json`, `profiles/*.json` with the table of releases among them, and `cpu-models.json` of a folder.
 *
 * @throws InputError with the problems of all files.
 */
export async function loadCatalog(folder: string = shipped): Promise<Catalog> {
  const parts = await Promise.allSettled([
    readFolder(join(folder, 'goals'), 'goal', goalSchema),
    readFolder(join(folder, 'profiles'), 'profile', profileFileSchema, releasesFile),
    readJsonFile(join(folder, 'profiles', releasesFile), 'releases', releaseTableSchema),
    readJsonFile(join(folder, 'cpu-models.json'), 'cpu-models', cpuTableSchema),
  ]);
  const problems = parts.flatMap((part) => (part.status === 'rejected' ? problemsOf(part.reason) : []));
  const [goals, profiles, releases, cpuTable] = parts;
  if (goals.status === 'rejected' || profiles.status === 'rejected') throw new InputError(problems);
  if (releases.status === 'rejected' || cpuTable.status === 'rejected') throw new InputError(problems);
  return {
    goals: goals.value,
    profiles: resolved(profiles.value, releases.value, join(folder, 'profiles')),
    releases: releases.value,
    cpuTable: cpuTable.value,
  };
}

/** The table of releases stands beside the profiles that rest on it. */
const releasesFile = 'releases.json';

/** Profiles may only speak for releases that the table has. */
function resolved(
  files: ReadonlyMap<string, ProfileFile>,
  table: ReleaseTable,
  folder: string,
): ReadonlyMap<string, ShippedProfile> {
  const known = new Set(table.releases.map(({ major }) => major));
  const problems = [...files.values()].flatMap(({ name, novaMajors }) =>
    novaMajors.flatMap((major, index): readonly Diagnostic[] =>
      known.has(major) ? [] : [unknownMajor(join(folder, `${name}.json`), index, major, [...known])],
    ),
  );
  if (problems.length > 0) throw new InputError(problems);
  return new Map([...files].map(([name, file]) => [name, resolveProfile(table, file)]));
}

const unknownMajor = (
  source: string,
  index: number,
  value: number,
  known: readonly number[],
): Diagnostic => ({
  code: 'profile.unknown-release',
  severity: 'error',
  summary: `${releasesFile} does not have this major`,
  source,
  path: jsonPath(['novaMajors', index]),
  value,
  limit: `${known[0] ?? ''} to ${known.at(-1) ?? ''}`,
});

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
  besides?: string,
): Promise<ReadonlyMap<string, Value>> {
  const listed = await listFolder(folder, kind);
  const names = listed
    .filter((file) => file.endsWith('.json') && file !== besides)
    .map((file) => basename(file, '.json'))
    .toSorted(compareText);
  const results = await Promise.allSettled(
    names.map((name) => readNamed(join(folder, `${name}.json`), kind, schema)),
  );
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

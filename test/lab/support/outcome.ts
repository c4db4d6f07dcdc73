import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JournalEntry } from '../../../src/execute/journal/entry.ts';
import { parseJournal } from '../../../src/execute/journal/journal-schema.ts';
import type { MigrationStep, Plan } from '../../../src/plan/plan.ts';
import { isMigration } from '../../../src/plan/run-steps.ts';
import type { Figure } from './figures.ts';
import type { Lab } from './lab.ts';
import { allMigrations, type ApiMigration } from './migrations.ts';
import type { novaTimes } from './nova-times.ts';
import { targetsOf } from './planned.ts';
import { readServices } from './services.ts';

/** The newest migration of the cloud; what a run does comes after it. */
export const newestMigration = async (lab: Lab): Promise<number> =>
  (await allMigrations(lab.admin)).at(-1)?.id ?? 0;

/** A plan that was run, and where: its journal is beside it. */
export interface Ran {
  readonly folder: string;
  readonly plan: Plan;
}

/**
 * Everything that a plan promises, judged by Nova's API and database: each server on its target and in its predicted
 * cells, each migration made once and no other, each service as the plan leaves it.
 *
 * @param before the newest migration before the run
 */
export async function expectOutcome(lab: Lab, { folder, plan }: Ran, before: number): Promise<void> {
  await expectTargets(lab, plan);
  await expectMoves(lab, { folder, plan }, before);
  const services = await readServices(lab.admin);
  for (const [host, status] of servicesOf(plan)) expect(services.get(host), host).toBe(status);
}

/**
 * Each migration of the plan was made once, and no other. Nova keeps a record of each request that its scheduler or a host
 * has refused as well: there are as many of those as the journal says were made again.
 */
export async function expectMoves(lab: Lab, { folder, plan }: Ran, before: number): Promise<void> {
  const since = (await allMigrations(lab.admin)).filter(({ id }) => id > before);
  const isRefused = ({ status }: ApiMigration): boolean => status === 'error';
  expect(
    since
      .filter((one) => !isRefused(one))
      .map((one) => `${one.instance_uuid} to ${one.dest_compute ?? '?'}`)
      .toSorted(),
  ).toEqual(
    plan.steps
      .filter(isMigration)
      .map(({ server, to }) => `${server} to ${to}`)
      .toSorted(),
  );
  const refused = since.filter(isRefused).map((one) => one.instance_uuid);
  expect(refused.toSorted()).toEqual(askedAgain(plan, journalIn(folder)).toSorted());
}

/** The server of each migration that Nova has accepted, then refused, and that was asked for again; one a refusal. */
function askedAgain({ steps }: Plan, journal: readonly JournalEntry[]): readonly string[] {
  const migrations = new Map(steps.filter(isMigration).map(({ id, server }) => [id, server]));
  const accepted = new Set<string>();
  return journal.flatMap((entry) => {
    if (entry.kind === 'answered' && entry.answer === 'accepted') accepted.add(entry.step);
    if (entry.kind === 'reconciled' && entry.arrived) accepted.add(entry.step);
    // Who was not even asked, as a look before has told that it would be in vain, leaves no record.
    if (entry.kind !== 'step-retry' || !accepted.delete(entry.step)) return [];
    return migrations.get(entry.step) ?? [];
  });
}

/** Each server is on its target and in its predicted cells, and every server works. */
export async function expectTargets(lab: Lab, plan: Plan): Promise<void> {
  const truth = await lab.truth();
  for (const [id, { to, predicted, serverName }] of targetsOf(plan)) {
    const server = truth.servers.find((one) => one.id === id);
    expect(server?.host, serverName).toBe(to);
    expect(
      (server?.cells ?? []).map(({ cell, pins }) => ({ hostCellId: cell, pinnedCpuCount: pins.length })),
      serverName,
    ).toEqual(predicted.cells.map(({ hostCellId, pinnedCpuCount }) => ({ hostCellId, pinnedCpuCount })));
  }
  expect(truth.servers.filter(({ status }) => status !== 'ACTIVE' && status !== 'SHUTOFF')).toEqual([]);
}

/** How the plan leaves the services of hosts. */
function servicesOf({ steps }: Plan): Map<string, string> {
  const services = new Map<string, string>();
  for (const step of steps) {
    if (step.kind === 'disable-service') services.set(step.host, 'disabled');
    if (step.kind === 'enable-service') services.set(step.host, 'enabled');
  }
  return services;
}

/** The lines of the journal beside `plan.json`; none while there is none. */
export function journalIn(folder: string): readonly JournalEntry[] {
  const journal = join(folder, 'plan.journal.jsonl');
  return existsSync(journal) ? parseJournal(readFileSync(journal, 'utf8')).entries : [];
}

/**
 * Refusals that count: what was asked again, since the scheduler hears late of who has left a host, is in `retriesIn`. An
 * answer that was lost is none.
 */
export const refusalsIn = (journal: readonly JournalEntry[]): readonly JournalEntry[] =>
  journal.filter(
    (entry) => entry.kind === 'step-failed' || (entry.kind === 'answered' && entry.answer === 'refused'),
  );

const retriesIn = (journal: readonly JournalEntry[]): number =>
  journal.filter(({ kind }) => kind === 'step-retry').length;

/** Migrations into NUMA cells, with what Nova chose in words where it is not what was predicted. */
export function cellsIn(
  { steps }: Plan,
  journal: readonly JournalEntry[],
): { readonly predicted: number; readonly wrong: readonly string[] } {
  const inCells = steps.filter(isMigration).filter(({ predicted }) => predicted.cells.length > 0);
  const wrong = inCells.flatMap(({ id, serverName, to, predicted }) => {
    const done = journal.find((entry) => entry.kind === 'step-done' && entry.step === id);
    const chosen = done?.kind === 'step-done' ? (done.cells ?? []).join() : '';
    const wanted = predicted.cells.map(({ hostCellId }) => hostCellId).join();
    return chosen === wanted ? [] : [`${id} ${serverName} to ${to}: predicted ${wanted}, Nova has ${chosen}`];
  });
  return { predicted: inCells.length, wrong };
}

/** What a run that was not disturbed tells of the plan's steps and of the executor. */
export function planFigure(
  plan: Plan,
  journal: readonly JournalEntry[],
  times: Awaited<ReturnType<typeof novaTimes>>,
): Figure {
  const ended = journal.findLast((entry) => entry.kind === 'run-ended');
  const cells = cellsIn(plan, journal);
  return {
    kind: 'plan',
    steps: plan.steps.length,
    migrations: plan.steps.filter(isMigration).length,
    refusals: refusalsIn(journal).length,
    retries: retriesIn(journal),
    cellsPredicted: cells.predicted,
    cellsRight: cells.predicted - cells.wrong.length,
    requests: ended?.requests ?? 0,
    before: plan.basedOn.options.maxParallel === undefined ? addedBefore(plan, journal) : [],
    after: plan.steps.filter(isMigration).flatMap((step) => addedAfter(step, journal, times)),
  };
}

const timeOf = (entry: JournalEntry | undefined): number | undefined =>
  entry === undefined ? undefined : Date.parse(entry.at);

/** From when the journal lets a step be requested until its request is written down, in seconds. */
function addedBefore({ steps }: Plan, journal: readonly JournalEntry[]): number[] {
  const stepLines = (step: string) => journal.filter((entry) => 'step' in entry && entry.step === step);
  const doneAt = (step: string) => timeOf(stepLines(step).find(({ kind }) => kind === 'step-done'));
  const claimedAt = (step: string) =>
    timeOf(
      stepLines(step).find(
        (entry) => entry.kind === 'step-done' || (entry.kind === 'progress' && entry.claimed),
      ),
    );
  const began = timeOf(journal[0]) ?? 0;
  return steps.flatMap(({ id, dependsOn, requestAfter }) => {
    const called = timeOf(stepLines(id).find(({ kind }) => kind === 'calling'));
    if (called === undefined) return [];
    const waited = [...dependsOn.map(({ step }) => doneAt(step)), ...requestAfter.map(claimedAt)];
    return [(called - Math.max(began, ...waited.map((at) => at ?? began))) / 1000];
  });
}

/** Records of live, cold and evacuating migrations that have arrived. */
const over = new Set(['completed', 'finished', 'done']);

/** From Nova's end of a migration until the journal calls it done, in seconds. */
function addedAfter(
  { id }: MigrationStep,
  journal: readonly JournalEntry[],
  times: Awaited<ReturnType<typeof novaTimes>>,
): number[] {
  const progress = journal.findLast(
    (entry) => entry.kind === 'progress' && entry.step === id && entry.migration !== undefined,
  );
  const done = timeOf(journal.find((entry) => entry.kind === 'step-done' && entry.step === id));
  const migration = progress?.kind === 'progress' ? progress.migration : undefined;
  const ended = times.get(migration ?? -1)?.find(({ status }) => over.has(status));
  return done === undefined || ended === undefined ? [] : [(done - ended.at) / 1000];
}

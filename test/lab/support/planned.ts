import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationStep, Plan } from '../../../src/plan/plan.ts';
import { isMigration } from '../../../src/plan/run-steps.ts';
import { parsePlan } from '../../../src/plan/plan-file.ts';
import type { Lab } from './lab.ts';
import { runFile } from './places.ts';
import { type Ended, planner } from './planner.ts';
import { recordCloud } from './record.ts';
import { untilRecorded } from './recorded.ts';

/** A folder with `inventory.json`, the cloud as it is now. */
export async function importedCloud(lab: Lab): Promise<string> {
  const folder = mkdtempSync(runFile('work-'));
  await untilRecorded(lab.admin);
  await recordCloud(lab.admin, join(folder, 'recording'));
  await succeed(planner(folder, 'import', '--from', 'recording'));
  return folder;
}

/** The plan that a command makes of the inventory of a folder; kept as `plan.json` there. */
export async function makePlan(folder: string, ...args: readonly string[]): Promise<Plan> {
  await succeed(planner(folder, ...args));
  return parsePlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
}

/** A plan that drains the fullest host that somebody leaves live. */
export interface DrainPlan {
  readonly folder: string;
  readonly plan: Plan;
  readonly host: string;
  /** The first live migration. */
  readonly live: MigrationStep;
}

export async function drainPlan(lab: Lab): Promise<DrainPlan> {
  const folder = await importedCloud(lab);
  for (const host of await fullestHosts(lab)) {
    const plan = await makePlan(folder, 'drain', host, '--allow', 'cold');
    const live = plan.steps.filter(isMigration).find(({ kind }) => kind === 'live');
    if (live !== undefined) return { folder, plan, host, live };
  }
  throw new Error('no server of this cloud can leave its host live');
}

/** Where each server that the plan moves shall end, by id. */
export function targetsOf(plan: Plan): Map<string, MigrationStep> {
  const targets = new Map<string, MigrationStep>();
  for (const step of plan.steps)
    if (step.kind === 'live' || step.kind === 'cold' || step.kind === 'evacuate')
      targets.set(step.server, step);
  return targets;
}

/** The result of a command that must end well. */
export async function succeed(command: Promise<Ended>): Promise<Ended> {
  const ended = await command;
  if (ended.code !== 0)
    throw new Error(`planner ended with ${ended.code ?? '?'}: ${ended.stderr}${ended.stdout}`);
  return ended;
}

/** Hosts of which affinity keeps nobody, those with most servers first. */
async function fullestHosts(lab: Lab): Promise<readonly string[]> {
  const { servers } = await lab.truth();
  const stay = new Set(
    lab.seed.servers
      .filter(({ group = '' }) => lab.seed.groups[group]?.policy === 'affinity')
      .map(({ name }) => servers.find((server) => server.name === name)?.host),
  );
  const count = (host: string) => servers.filter((server) => server.host === host).length;
  return Object.keys(lab.hosts.hosts)
    .filter((name) => !stay.has(name))
    .toSorted((one, other) => count(other) - count(one));
}

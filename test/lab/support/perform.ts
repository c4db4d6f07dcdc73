import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { MigrationStep, Plan, Step } from '../../../src/plan/plan.ts';
import type { Admin } from './admin.ts';
import { allMigrations, migrationsOf } from './migrations.ts';
import { act, settled, showServer } from './server-action.ts';
import { waitFor } from './wait.ts';

/** What Nova made of a step. */
export interface Performed {
  readonly step: string;
  /** Why Nova refused it, once for each time. */
  readonly refusals: readonly string[];
}

/**
 * Carries a plan out by plain requests, each step as soon as what it waits for allows: Nova's judgement of the plan,
 * without the product's executor. A refusal that is due to a server which has left, and which the scheduler still sees, counts
 * only when it lasts longer than the scheduler takes to see it.
 */
export async function performPlan(admin: Admin, plan: Plan): Promise<Performed[]> {
  const requested = new Map<string, PromiseWithResolve>(
    plan.steps.map(({ id }) => [id, promiseWithResolve()]),
  );
  const ends = new Map<string, Promise<Performed>>();
  for (const step of plan.steps) {
    const isRequested = requested.get(step.id)?.resolve ?? (() => undefined);
    const ready = Promise.all([
      ...step.dependsOn.map((one) => ends.get(one.step)),
      ...step.requestAfter.map((one) => requested.get(one)?.promise),
    ]);
    ends.set(
      step.id,
      ready.then(async () => ({ step: step.id, refusals: await perform(admin, step, isRequested) })),
    );
  }
  return Promise.all(ends.values());
}

async function perform(admin: Admin, step: Step, isRequested: () => void): Promise<readonly string[]> {
  if (step.kind === 'live' || step.kind === 'cold') return migrate(admin, step, isRequested);
  if (step.kind === 'confirm') {
    await act(admin, step.server, { confirmResize: null });
    isRequested();
    await settled(admin, step.server, 'ACTIVE', 'SHUTOFF');
    return [];
  }
  if (step.kind === 'disable-service' || step.kind === 'enable-service') {
    const status = step.kind === 'enable-service' ? 'enabled' : 'disabled';
    await admin.change('compute', 'PUT', `/os-services/${step.serviceId ?? ''}`, { status });
    isRequested();
    return [];
  }
  throw new Error(`no plan of the lab has a step of kind ${step.kind}`);
}

const tries = 5;
const betweenSeconds = 5;
/** The lab's `scheduler_instance_sync_interval`, and what it takes to look. */
const mostStaleSeconds = 60;

async function migrate(admin: Admin, step: MigrationStep, isRequested: () => void): Promise<string[]> {
  const refusals: string[] = [];
  const began = performance.now();
  while (refusals.length < tries) {
    const [last] = await migrationsOf(admin, step.server);
    const request =
      step.kind === 'live'
        ? { 'os-migrateLive': { host: step.to, block_migration: 'auto' } }
        : { migrate: { host: step.to } };
    const { status, body } = await act(admin, step.server, request);
    isRequested();
    const refusal = status === 202 ? await endOf(admin, step, last?.id ?? 0) : JSON.stringify(body);
    if (refusal === undefined) return refusals;
    const isOver = performance.now() - began > mostStaleSeconds * 1000;
    if (isOver || !(await hasLeft(admin, step))) refusals.push(refusal);
    await sleep(betweenSeconds * 1000);
  }
  throw new Error(`step ${step.id} was refused ${tries} times: ${refusals.join('; ')}`);
}

const Group = z.object({ server_group: z.object({ policy: z.string(), members: z.array(z.string()) }) });

/** Whether another member of the server's anti-affinity group was on the destination and is not there any more. */
async function hasLeft(admin: Admin, { server, to }: MigrationStep): Promise<boolean> {
  const { server_groups: [group] = [] } = await showServer(admin, server);
  if (group === undefined) return false;
  const { policy, members } = (await admin.read('compute', `/os-server-groups/${group}`, Group)).server_group;
  const left = (await allMigrations(admin)).filter(
    ({ instance_uuid, source_compute, status }) =>
      instance_uuid !== server &&
      members.includes(instance_uuid) &&
      source_compute === to &&
      status !== 'error',
  );
  const others = await Promise.all(left.map((one) => showServer(admin, one.instance_uuid)));
  return (
    policy === 'anti-affinity' &&
    others.length > 0 &&
    others.every((other) => other['OS-EXT-SRV-ATTR:host'] !== to)
  );
}

/** Waits for the end of a migration that is newer than `last`; gives why it was refused, if it was. */
async function endOf(
  admin: Admin,
  { server, to, kind }: MigrationStep,
  last: number,
): Promise<string | undefined> {
  return waitFor({ what: `the migration of ${server} to ${to}` }, async () => {
    const [newest] = await migrationsOf(admin, server);
    const now = await showServer(admin, server);
    if (now['OS-EXT-STS:task_state'] !== null) return undefined;
    if (newest === undefined || newest.id <= last) return refusalOf(admin, server);
    if (newest.status === 'error' || newest.status === 'failed') return refusalOf(admin, server);
    return newest.status === (kind === 'live' ? 'completed' : 'finished') && { arrived: true };
  }).then((end) => (typeof end === 'string' ? end : undefined));
}

const Actions = z.object({
  instanceActions: z.array(z.object({ request_id: z.string(), action: z.string() })),
});
const Events = z.object({
  instanceAction: z.object({
    events: z.array(z.object({ result: z.string().nullable(), details: z.string().nullish() })),
  }),
});

/** What the events of the server's newest action say of a failure; undefined while none of them failed. */
async function refusalOf(admin: Admin, server: string): Promise<string | undefined> {
  const path = `/servers/${server}/os-instance-actions`;
  const [action] = (await admin.read('compute', path, Actions)).instanceActions;
  if (action === undefined) return undefined;
  const { events } = (await admin.read('compute', `${path}/${action.request_id}`, Events)).instanceAction;
  const failed = events.find(({ result }) => result === 'Error');
  return failed === undefined ? undefined : (failed.details ?? 'an error without details');
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function promiseWithResolve(): PromiseWithResolve {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}

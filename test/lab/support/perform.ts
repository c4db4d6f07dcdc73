import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { MigrationStep, Plan, Step } from '../../../src/plan/plan.ts';
import type { Admin } from './admin.ts';
import { migrationsOf } from './migrations.ts';
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
 * without the product's executor. A refusal may be due to a release that the scheduler has not seen yet, so that it
 * counts when it lasts longer than Nova's `update_resources_interval`.
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

async function migrate(admin: Admin, step: MigrationStep, isRequested: () => void): Promise<string[]> {
  const refusals: string[] = [];
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
    refusals.push(refusal);
    await sleep(betweenSeconds * 1000);
  }
  throw new Error(`step ${step.id} was refused ${tries} times: ${refusals.join('; ')}`);
}

/** Waits for the end of a migration that is newer than `last`; gives why it was refused, if it was. */
async function endOf(
  admin: Admin,
  { server, to, kind }: MigrationStep,
  last: number,
): Promise<string | undefined> {
  return waitFor({ what: `the migration of ${server} to ${to}`, seconds: 120 }, async () => {
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

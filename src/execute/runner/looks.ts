import type { Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Look, ServiceSeen } from '../driver.ts';
import { isServerStep, judgeStep, type ServerStep } from './judge.ts';
import { type RunState, stepState } from './run-state.ts';
import { settle } from './settle.ts';
import type { Running } from './tools.ts';
import { failed, seenOf, type Verdict } from './verdict.ts';

/** What is remembered from look to look; a resume begins without it. */
export interface Watch {
  /** Hosts whose nova-compute is down, and since when, in milliseconds since 1970. */
  readonly down: Map<string, number>;
  /** By step: when it was looked at, and its migration record then. */
  readonly seen: Map<string, { readonly at: number; readonly record?: number; readonly status?: string }>;
  servicesAt: number;
  recordsAt: number;
}

export const newWatch = (): Watch => ({
  down: new Map(),
  seen: new Map(),
  servicesAt: -Infinity,
  recordsAt: -Infinity,
});

/** Whatever the records say, each step and the services are looked at so often, in seconds. */
const lookSeconds = 10;
/** Looks at a time. */
const atOnce = 8;

/**
 * Looks at what is on its way and writes down what has become of it. While migrations run, one request tells for all of
 * them whether a record has changed; only then, and now and then, the servers themselves are asked.
 */
export async function lookAtRunning(running: Running, watch: Watch): Promise<void> {
  const { plan, driver, clock, state } = running;
  const steps = plan.steps.filter((step) => stepState(state(), step.id).phase === 'running');
  if (steps.length === 0) return;
  const due = await dueSteps(steps, running, watch);
  const services = await readServices(due, running, watch);
  for (let first = 0; first < due.length; first += atOnce) {
    const some = due.slice(first, first + atOnce);
    const looks = await Promise.all(
      some.map((step) =>
        isServerStep(step) ? orNothing(driver.look(step.server)) : Promise.resolve(undefined),
      ),
    );
    for (const [index, step] of some.entries()) {
      const look = looks[index];
      const verdict = judge(step, look, services, watch.down, running);
      if (verdict !== undefined) await settle(step, verdict, running);
      if (isServerStep(step) && look !== undefined) remember(step, look, state(), watch, clock.now());
    }
  }
}

/** States in which nothing has to be asked but whether they last. */
const underWay = new Set([
  ...['accepted', 'queued', 'preparing', 'pre-migrating', 'running', 'migrating', 'post-migrating'],
  'confirming',
]);

/** Clocks may differ by so much, in milliseconds. */
const clocksDiffer = 120_000;

/** Nothing is asked again before so many milliseconds: others that may be requested go first. */
const again = 250;

/** Steps that are more than what one request for all of them can tell. */
async function dueSteps(
  all: readonly Step[],
  { driver, clock, state }: Running,
  watch: Watch,
): Promise<readonly Step[]> {
  const { seen } = watch;
  const now = clock.now();
  const steps = all.filter((step) => {
    const last = Math.max(seen.get(step.id)?.at ?? 0, stepState(state(), step.id).askedAt ?? 0);
    return !isServerStep(step) || now - last >= again;
  });
  const isQuiet = (step: Step): boolean => {
    const { at, record, status = '' } = seen.get(step.id) ?? { at: -Infinity };
    const known = isServerStep(step) && record !== undefined && record === recordOf(step, state());
    const { open, ending } = stepState(state(), step.id);
    const closed = open === undefined && ending?.answer !== 'open';
    return known && closed && underWay.has(status) && now - at < lookSeconds * 1000;
  };
  const quiet = new Set(steps.filter(isQuiet));
  if (quiet.size === 0) return steps;
  if (now - watch.recordsAt < again) return steps.filter((step) => !quiet.has(step));
  const records = await orNothing(driver.changedSince(now - clocksDiffer));
  watch.recordsAt = clock.now();
  if (records === undefined) return steps;
  const changed = new Map(records.map(({ id, status }) => [id, status]));
  return steps.filter((step) => {
    if (!quiet.has(step)) return true;
    const { record = -1, status } = seen.get(step.id) ?? {};
    return changed.has(record) && changed.get(record) !== status;
  });
}

const recordOf = (step: ServerStep, run: RunState): number | undefined =>
  stepState(run, step.kind === 'confirm' ? step.of : step.id).migration;

function remember(step: ServerStep, { migrations }: Look, run: RunState, { seen }: Watch, at: number): void {
  const record = recordOf(step, run);
  const status = migrations.find(({ id }) => id === record)?.status;
  seen.set(step.id, {
    at,
    ...(record !== undefined && { record }),
    ...(status !== undefined && { status }),
  });
}

/** Undefined when they need not be read, or cannot be. */
async function readServices(
  due: readonly Step[],
  { driver, clock }: Running,
  watch: Watch,
): Promise<readonly ServiceSeen[] | undefined> {
  const asked = due.some((step) => step.kind === 'disable-service' || step.kind === 'enable-service');
  if (!asked && clock.now() - watch.servicesAt < lookSeconds * 1000) return undefined;
  const services = await orNothing(driver.services());
  if (services === undefined) return undefined;
  watch.servicesAt = clock.now();
  for (const { host, state } of services) {
    if (state === 'up') watch.down.delete(host);
    else if (!watch.down.has(host)) watch.down.set(host, clock.now());
  }
  return services;
}

/** A cloud that cannot be read now tells nothing: the next look may. */
async function orNothing<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch {
    return undefined;
  }
}

function judge(
  step: Step,
  look: Look | undefined,
  services: readonly ServiceSeen[] | undefined,
  down: ReadonlyMap<string, number>,
  { plan, state, clock, settings }: Running,
): Verdict | undefined {
  const now = clock.now();
  const known = stepState(state(), step.id);
  if (step.kind === 'wait')
    return now - (known.askedAt ?? now) >= step.seconds * 1000 ? { kind: 'done' } : undefined;
  if (!isServerStep(step)) {
    if (services === undefined) return undefined;
    const service = services.find(({ host }) => host === step.host);
    const wanted = step.kind === 'disable-service' ? 'disabled' : 'enabled';
    if (service?.status === wanted) return { kind: 'done' };
    return known.open === undefined ? undefined : { kind: 'reconciled', arrived: false };
  }
  if (look === undefined) return undefined;
  const cold = step.kind === 'confirm' ? stepState(state(), step.of).migration : undefined;
  const verdict = judgeStep(step, known, look, now, cold);
  if (verdict.kind !== 'wait') return verdict;
  const dead = hostsOf(step, plan).find(
    (host) => now - (down.get(host) ?? now) > settings.downSeconds * 1000,
  );
  if (dead === undefined) return undefined;
  const { server } = look;
  return failed(`nova-compute on ${dead} went down, and the step does not go on`, {
    read: `nova-compute log on ${dead}`,
    ...(server !== undefined && { seen: seenOf(server) }),
  });
}

/** Hosts without which a step does not go on. */
function hostsOf(step: Step, { steps }: Plan): readonly string[] {
  if (isMigration(step)) return step.kind === 'evacuate' ? [step.to] : [step.from, step.to];
  if (step.kind !== 'confirm') return [];
  const migration = steps.find(({ id }) => id === step.of);
  return migration !== undefined && isMigration(migration) ? [migration.from] : [];
}

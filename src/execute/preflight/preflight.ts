import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Driver, Look, ServiceSeen } from '../driver.ts';
import type { PreflightFinding } from './finding.ts';
import { newcomers } from './newcomers.ts';
import { otherMigrations, otherPlans } from './other-runs.ts';
import { guardWords } from '../runner/prepare.ts';
import { missingAt } from '../runner/room.ts';
import { type RunState, stepState } from '../runner/run-state.ts';

/** Looks at a time. */
const atOnce = 8;

/**
 * Whether what the plan needs at its beginning is there: each server as its first step expects it, with room where it
 * may go at once, every host's service up, nobody else at work on the same servers, nobody new on hosts that are to be
 * empty. Steps that the journal has begun are not asked again.
 *
 * @param ours ids of the plans of this run
 */
export async function preflight(
  plan: Plan,
  run: RunState,
  driver: Driver,
  fenced: ReadonlySet<string>,
  ours: ReadonlySet<string> = new Set([plan.id]),
): Promise<readonly PreflightFinding[]> {
  const [services, inFlight, come] = await Promise.all([
    driver.services(),
    driver.inFlight(),
    driver.newServers(Date.parse(plan.basedOn.capturedAt)),
  ]);
  const first = firstSteps(plan, run);
  const findings = [
    ...serviceFindings(plan, run, services, fenced),
    ...otherPlans(plan, run, services, ours),
    ...otherMigrations(plan, run, first, inFlight),
    ...newcomers(plan, come),
  ];
  const steps = [...first.values()];
  for (let from = 0; from < steps.length; from += atOnce) {
    const some = steps.slice(from, from + atOnce);
    const looks = await Promise.all(some.map(({ server }) => driver.look(server)));
    for (const [index, step] of some.entries()) {
      const found = serverFindings(step, looks[index], services, plan);
      findings.push(...(found.length > 0 ? found : await roomFindings(step, driver)));
    }
  }
  return findings;
}

/** Whoever waits for others may find room that they leave. */
async function roomFindings(step: MigrationStep, driver: Driver): Promise<readonly PreflightFinding[]> {
  if (step.dependsOn.length > 0 || step.requestAfter.length > 0) return [];
  const missing = await missingAt(step, driver);
  return missing === undefined ? [] : [{ blocks: true, step: step.id, text: missing.text }];
}

/** The first step of each server whose steps have not begun. */
function firstSteps({ steps }: Plan, run: RunState): ReadonlyMap<ServerId, MigrationStep> {
  const first = new Map<ServerId, MigrationStep>();
  const begun = new Set<ServerId>();
  for (const step of steps) {
    if (!('server' in step)) continue;
    const { phase, attempts } = stepState(run, step.id);
    if (phase !== 'waiting' || attempts > 0) begun.add(step.server);
    else if (isMigration(step) && !first.has(step.server) && !begun.has(step.server))
      first.set(step.server, step);
  }
  return first;
}

function serverFindings(
  step: MigrationStep,
  look: Look | undefined,
  services: readonly ServiceSeen[],
  { steps }: Plan,
): readonly PreflightFinding[] {
  const { serverName, to } = step;
  const server = look?.server;
  const blocks = (text: string): PreflightFinding => ({ blocks: true, step: step.id, text });
  if (server === undefined) return [blocks(`${serverName} was deleted`)];
  if (server.taskState !== undefined && step.kind !== 'evacuate')
    return [blocks(`${serverName} is busy: ${server.taskState}`)];
  if (server.host === to && server.status !== 'ERROR')
    return [{ blocks: false, step: step.id, text: `${serverName} is on ${to} already` }];
  const now = step.guards.filter((guard) => guard.kind !== 'service' || !isChanged(guard.host, steps));
  return now
    .map((guard) => guardWords(guard, serverName, server, services))
    .flatMap((text) => (text === undefined ? [] : [blocks(text)]));
}

/** The plan itself enables or disables it. */
const isChanged = (host: HostId, steps: readonly Step[]): boolean =>
  steps.some((step) => 'host' in step && step.host === host);

function serviceFindings(
  { steps }: Plan,
  run: RunState,
  services: readonly ServiceSeen[],
  fenced: ReadonlySet<string>,
): readonly PreflightFinding[] {
  const left = steps.filter(isMigration).filter(({ id }) => stepState(run, id).phase !== 'done');
  const needed = new Set(left.flatMap(({ kind, from, to }) => (kind === 'evacuate' ? [to] : [from, to])));
  const evacuations = left.filter(({ kind }) => kind === 'evacuate');
  const dead = new Set(evacuations.map(({ from }) => from));
  // Others may have arrived, whatever was told of them: that is seen before they are asked for again.
  const unasked = evacuations.filter(({ id }) => stepState(run, id).attempts === 0);
  const leftOn = new Set(unasked.map(({ from }) => from));
  const stateOf = (host: HostId) => services.find((service) => service.host === host)?.state;
  const blocks = (text: string): PreflightFinding => ({ blocks: true, text });
  return [
    ...[...needed].flatMap((host) => {
      const state = stateOf(host);
      return state === 'up' ? [] : [blocks(`nova-compute on ${host} is ${state ?? 'not there'}`)];
    }),
    ...[...dead].flatMap((host) => [
      ...(stateOf(host) === 'up' && leftOn.has(host)
        ? [blocks(`nova-compute on ${host} is up: there is nothing to evacuate from`)]
        : []),
      ...(fenced.has(host)
        ? []
        : [blocks(`make sure that ${host} is powered off, then say so with --fenced ${host}`)]),
    ]),
  ];
}

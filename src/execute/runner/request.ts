import type { ConfirmStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Answer } from '../driver.ts';
import { failedCheck } from './check-guest.ts';
import { callOf } from './calls.ts';
import type { Running } from './tools.ts';
import { isServerStep } from './judge.ts';
import { prepare, type Prepared } from './prepare.ts';
import { missingAt } from './room.ts';
import { stepState } from './run-state.ts';
import { seenNow } from './seen-now.ts';
import { settle } from './settle.ts';
import { logWords, meaningOfAnswer, type Names } from '../words/meaning.ts';
import { failed } from './verdict.ts';

/** Looks once more whether a step may be requested, writes down that it is, requests it, and writes down the answer. */
export async function requestStep(step: Step, running: Running): Promise<void> {
  const { tell } = running;
  const prepared = await look(step, running);
  if (prepared === undefined) return;
  switch (prepared.kind) {
    case 'stale':
      await settle(step, { kind: 'failed', ...prepared.failure }, running);
      if (prepared.stops === true)
        await tell({ kind: 'stopping', text: prepared.failure.text, abort: false });
      return;
    case 'already':
      return tell({ kind: 'step-done', step: step.id, note: prepared.note });
    case 'adopt': {
      const { migration, status } = prepared;
      return tell({ kind: 'progress', step: step.id, status, migration, claimed: false });
    }
    case 'go':
      return go(step, prepared, running);
  }
}

/**
 * Undefined when the cloud cannot be read now. All that one step needs is asked side by side; steps are looked at one
 * after the other, as the request of each changes what the next finds: room, members of groups, services.
 */
async function look(step: Step, { driver, clock, settings, state }: Running): Promise<Prepared | undefined> {
  if (step.kind === 'wait') return { kind: 'go', before: {} };
  try {
    const cold = step.kind === 'confirm' ? stepState(state(), step.of).migration : undefined;
    const emptied = step.guards.flatMap((guard) => (guard.kind === 'runs-only' ? [guard.host] : []));
    const [services, seen, ...servers] = await Promise.all([
      driver.services(),
      isServerStep(step) ? driver.look(step.server) : undefined,
      ...emptied.map((host) => driver.serversOn(host)),
    ]);
    const residents = new Map(emptied.map((host, index) => [host, servers[index] ?? []]));
    const prepared = prepare(step, stepState(state(), step.id), {
      services,
      residents,
      fenced: settings.fenced,
      ...(seen !== undefined && { look: seen }),
      ...(cold !== undefined && { cold }),
    });
    const failure = prepared.kind === 'go' ? await missingAt(step, driver) : undefined;
    return failure === undefined ? prepared : { kind: 'stale', failure };
  } catch {
    await clock.sleep(settings.pollSeconds);
    return undefined;
  }
}

async function go(
  step: Step,
  { before }: Extract<Prepared, { kind: 'go' }>,
  running: Running,
): Promise<void> {
  const { plan, driver, settings, state, tell } = running;
  const usual = callOf(step, plan);
  if (usual === undefined) return tell({ kind: 'progress', step: step.id, status: 'waiting', claimed: true });
  const confirm = step.kind === 'confirm' ? (settings.confirm ?? step.confirmPolicy) : undefined;
  const problem = await checked(step, confirm, running);
  if (confirm === 'manual') {
    const status = `waits for you to ${problem === undefined ? 'confirm it' : `revert it: ${problem}`}`;
    return tell({ kind: 'progress', step: step.id, status, claimed: true });
  }
  if (problem !== undefined && step.kind !== 'confirm')
    return tell({ kind: 'step-failed', step: step.id, text: problem, ...(await seenNow(step, running)) });
  if (problem !== undefined)
    await tell({ kind: 'note', step: step.id, text: `${problem}; its migration is reverted` });
  const call = problem !== undefined && step.kind === 'confirm' ? revertOf(step) : usual;
  if ('host' in call) await noteService(call.host, running);
  const attempt = stepState(state(), step.id).attempts + 1;
  await tell({ kind: 'calling', step: step.id, call: call.kind, attempt, before });
  const answer = await driver.request(call);
  await tell({
    kind: 'answered',
    step: step.id,
    call: call.kind,
    attempt,
    answer: answer.kind,
    ...(answer.kind !== 'accepted' && { text: answer.text }),
    ...(answer.kind === 'accepted' && answer.requestId !== undefined && { requestId: answer.requestId }),
  });
  if (answer.kind === 'refused') await refused(step, answer, running);
}

/** What keeps a guest from being moved, or its old place from being given up. */
async function checked(
  step: Step,
  confirm: ConfirmStep['confirmPolicy'] | undefined,
  running: Running,
): Promise<string | undefined> {
  const before = step.kind === 'live' || step.kind === 'cold';
  const after = confirm === 'after-check' || confirm === 'manual';
  if (!isServerStep(step) || (!before && !after)) return undefined;
  const why = await failedCheck(step, after ? 'after' : 'before', running);
  if (why === undefined) return undefined;
  const { serverName } = step;
  return after
    ? `${serverName} does not pass its check after it was moved: ${why}`
    : `${serverName} does not pass its check before it is moved: ${why}`;
}

/** Takes back what a confirm would make final. */
const revertOf = ({ server, microversion }: ConfirmStep) =>
  ({ kind: 'revert', server, microversion }) as const;

async function noteService(name: string, { driver, tell, state }: Running): Promise<void> {
  if (state().found.has(name)) return;
  const services = await driver.services();
  const found = services.find(({ host }) => host === name);
  if (found === undefined) return;
  const { status, reason } = found;
  await tell({ kind: 'service-found', host: name, status, ...(reason !== undefined && { reason }) });
}

async function refused(
  step: Step,
  { text, status }: Extract<Answer, { kind: 'refused' }>,
  running: Running,
): Promise<void> {
  const names = namesOf(step, running);
  const meaning = meaningOfAnswer(text, status, names);
  const seen = isServerStep(step) ? stepState(running.state(), step.id).before : {};
  const verdict = failed(`Nova refuses: ${text}`, {
    ...(meaning === undefined ? { read: logWords('api', names) } : { meaning }),
    ...(seen.status !== undefined && {
      seen: { status: seen.status, ...(seen.host !== undefined && { host: seen.host }) },
    }),
  });
  await settle(step, verdict, running);
}

/** A confirm is about the ends of its migration. */
function namesOf(step: Step, { plan }: Running): Names {
  if ('host' in step) return { server: step.host };
  if (!isServerStep(step)) return { server: step.id };
  const migration = step.kind === 'confirm' ? plan.steps.find(({ id }) => id === step.of) : step;
  const { serverName: server } = step;
  return migration !== undefined && isMigration(migration)
    ? { server, from: migration.from, to: migration.to }
    : { server };
}

import type { Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Answer } from '../driver.ts';
import { callOf } from './calls.ts';
import type { Running } from './tools.ts';
import { isServerStep } from './judge.ts';
import { prepare, type Prepared } from './prepare.ts';
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

/** Undefined when the cloud cannot be read now. */
async function look(step: Step, { driver, clock, settings, state }: Running): Promise<Prepared | undefined> {
  if (step.kind === 'wait') return { kind: 'go', before: {} };
  try {
    const services = await driver.services();
    const seen = isServerStep(step) ? await driver.look(step.server) : undefined;
    const cold = step.kind === 'confirm' ? stepState(state(), step.of).migration : undefined;
    const emptied = step.guards.flatMap((guard) => (guard.kind === 'runs-only' ? [guard.host] : []));
    const residents = new Map<string, readonly string[]>();
    for (const host of emptied) residents.set(host, await driver.serversOn(host));
    return prepare(step, stepState(state(), step.id), {
      services,
      residents,
      fenced: settings.fenced,
      ...(seen !== undefined && { look: seen }),
      ...(cold !== undefined && { cold }),
    });
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
  const call = callOf(step, plan);
  if (call === undefined) return tell({ kind: 'progress', step: step.id, status: 'waiting', claimed: true });
  const problem = await checked(step, running);
  if (problem !== undefined)
    return tell({ kind: 'step-failed', step: step.id, text: problem, ...(await seenNow(step, running)) });
  if (step.kind === 'confirm' && (settings.confirm ?? step.confirmPolicy) === 'manual')
    return tell({ kind: 'progress', step: step.id, status: 'waits for you to confirm it', claimed: true });
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

/** What a check command says of the guest: before it is moved, and before its old place is given up. */
async function checked(step: Step, { check, settings }: Running): Promise<string | undefined> {
  if (check === undefined || !isServerStep(step)) return undefined;
  const confirms = step.kind === 'confirm' && (settings.confirm ?? step.confirmPolicy) === 'after-check';
  if (!confirms && step.kind !== 'live' && step.kind !== 'cold') return undefined;
  const result = await check({ id: step.server, name: step.serverName }, confirms ? 'after' : 'before');
  if (result.ok) return undefined;
  return confirms
    ? `${step.serverName} does not pass its check, and is not confirmed: ${result.text}`
    : `${step.serverName} does not pass its check before it is moved: ${result.text}`;
}

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

import type { ConfirmStep, MigrationStep, PowerStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Look, MigrationSeen, ServerSeen } from '../driver.ts';
import type { CallKind } from '../journal/entry.ts';
import { judgeMigration } from './judge-migration.ts';
import { atRest, heardOfEnding, ownAction, ownMigration } from './own.ts';
import type { StepState } from './step-state.ts';
import { meaningOfEnd, meaningOfTexts, type Names } from '../words/meaning.ts';
import { failed, seenOf, type Verdict, wait } from './verdict.ts';

/** Steps that are about a server. */
export type ServerStep = MigrationStep | ConfirmStep | PowerStep;

export const isServerStep = (step: Step): step is ServerStep => 'server' in step;

/** A request whose answer was lost may still be on its way for so long. */
export const settleSeconds = 20;

/**
 * What has become of a requested step, told from server, migration record and action together: each of them alone
 * tells an end too early or a failure not at all.
 *
 * @param now milliseconds since 1970
 * @param cold of a confirm: the migration record that it confirms
 */
export function judgeStep(
  step: ServerStep,
  state: StepState,
  look: Look,
  now: number,
  cold?: number,
): Verdict {
  const { open } = state;
  if (open !== undefined) return reconcile(step, state, open.call, look, now - open.at, cold);
  const { server } = look;
  if (server === undefined) return failed(`${step.serverName} was deleted while the step ran`);
  if (isMigration(step)) {
    const verdict = judgeMigration(step, state, server, look);
    return verdict.kind === 'wait' ? judgeEnding(state, look, now) : verdict;
  }
  if (step.kind === 'confirm') return judgeConfirm(step, state, server, coldRecord(look, cold));
  return judgePower(step, state, server, look);
}

/** The record tells most: it is the only one that names the destination. */
function reconcile(
  step: ServerStep,
  state: StepState,
  call: CallKind,
  look: Look,
  elapsed: number,
  cold: number | undefined,
): Verdict {
  const begun =
    ownAction(state, call, look) !== undefined ||
    (isMigration(step) && ownMigration(state, step, look) !== undefined) ||
    (step.kind === 'confirm' && coldRecord(look, cold)?.status !== 'finished');
  if (begun) return { kind: 'reconciled', arrived: true };
  const still = look.server !== undefined && !atRest(look.server);
  return elapsed < settleSeconds * 1000 || still ? wait : { kind: 'reconciled', arrived: false };
}

/** Of a migration that goes on: whether the request to end it early has arrived, where nobody knows. */
function judgeEnding(state: StepState, look: Look, now: number): Verdict {
  const { ending } = state;
  if (ending?.answer !== 'open') return wait;
  if (heardOfEnding(ending, look)) return { kind: 'reconciled', arrived: true };
  return now - ending.at < settleSeconds * 1000 ? wait : { kind: 'reconciled', arrived: false };
}

/** The record of the migration that a confirm is about: the known one, else the newest that waits for it. */
export const coldRecord = ({ migrations }: Look, known: number | undefined): MigrationSeen | undefined =>
  known === undefined
    ? migrations.find(({ type }) => type === 'migration')
    : migrations.find(({ id }) => id === known);

function judgeConfirm(
  { serverName }: ConfirmStep,
  state: StepState,
  server: ServerSeen,
  record: MigrationSeen | undefined,
): Verdict {
  const names = namesOf(serverName, record, state.requestId);
  const seen = seenOf(server);
  const meaning = meaningOfEnd('confirm-failed', server.fault === undefined ? [] : [server.fault], names);
  if (server.status === 'ERROR') {
    const what = state.reverting === true ? 'migration was reverted' : 'confirmation';
    return failed(`${serverName} is in ERROR since its ${what}${faultOf(server)}`, { meaning, seen });
  }
  if (record?.status === 'reverted' && atRest(server)) {
    const why = state.reverting === true ? ', since it did not pass its check' : '';
    const text = `${serverName} is on ${server.host ?? 'no host'} again: its migration was reverted${why}`;
    return { kind: 'reverted', text, meaning: meaningOfEnd('reverted', [], names), seen };
  }
  if (record?.status === 'error' && atRest(server))
    return failed(`the confirmation of ${serverName} failed${faultOf(server)}`, { meaning, seen });
  const over = record === undefined || record.status === 'confirmed';
  return over && atRest(server) && server.status !== 'VERIFY_RESIZE' ? { kind: 'done' } : wait;
}

function namesOf(server: string, record: MigrationSeen | undefined, requestId: string | undefined): Names {
  const { source: from, destination: to } = record ?? {};
  return {
    server,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(requestId !== undefined && { requestId }),
  };
}

const faultOf = ({ fault }: ServerSeen): string => (fault === undefined ? '' : `: ${fault}`);

function judgePower(
  { kind, serverName }: PowerStep,
  state: StepState,
  server: ServerSeen,
  look: Look,
): Verdict {
  if (!atRest(server)) return wait;
  if (server.status === (kind === 'stop' ? 'SHUTOFF' : 'ACTIVE')) return { kind: 'done' };
  const errors = ownAction(state, kind, look)?.errors ?? [];
  if (server.status !== 'ERROR' && errors.length === 0) return wait;
  const { host } = server;
  const names: Names = { server: serverName, ...(host !== undefined && { from: host, to: host }) };
  return failed(`${serverName} is ${server.status}: ${errors.join('; ')}${faultOf(server)}`, {
    meaning: meaningOfTexts(errors, names) ?? meaningOfEnd('power-failed', [], names),
    seen: seenOf(server),
  });
}

import type { MigrationStep } from '../../plan/plan.ts';
import type { Look, MigrationSeen, ServerSeen } from '../driver.ts';
import { atRest, cameToNothing, ownAction, ownMigration, strayMigration } from './own.ts';
import type { StepState } from './step-state.ts';
import { omit } from '../../shared/omit.ts';
import type { End } from '../words/ends.ts';
import {
  causeOf,
  logWords,
  type Meaning,
  meaningOfEnd,
  meaningOfTexts,
  type Names,
} from '../words/meaning.ts';
import { failed, seenOf, type Verdict, wait } from './verdict.ts';

/** Records of these have not claimed the destination yet. */
const unclaimed = new Set(['accepted', 'pre-migrating']);

const arrived: Readonly<Record<MigrationStep['kind'], ReadonlySet<string>>> = {
  live: new Set(['completed']),
  cold: new Set(['finished', 'confirming', 'confirmed']),
  evacuate: new Set(['done', 'completed']),
};

/**
 * How far a migration is. Nova's server is ACTIVE on its new host before the record says `completed`, and after an
 * evacuate at rest before its host changes; a live migration that failed half-way leaves no error anywhere but in the
 * record, and one that fails after the switch says `completed` with the server in ERROR. So all have to agree.
 */
export function judgeMigration(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  look: Look,
): Verdict {
  const record = ownMigration(state, step, look);
  if (record === undefined) return withoutRecord(step, state, server, look);
  if (arrived[step.kind].has(record.status)) return atTheEnd(step, state, server, record, look);
  if (cameToNothing(record)) return afterFailure(step, state, server, record, look);
  if (record.status === state.status && record.id === state.migration) return wait;
  const claimed = !unclaimed.has(record.status);
  return { kind: 'progress', status: record.status, migration: record.id, claimed };
}

/** A cold migration that finds no host leaves no record, only its action; one to another host is not the step's. */
function withoutRecord(step: MigrationStep, state: StepState, server: ServerSeen, look: Look): Verdict {
  if (!atRest(server)) return wait;
  const names = namesOf(step, ownAction(state, step.kind, look)?.requestId);
  const stray = strayMigration(state, step, look);
  if (stray !== undefined && arrived[step.kind].has(stray.status) && server.host !== step.to) {
    const text = `${step.serverName} is ${server.status} on ${server.host ?? 'no host'}, not on ${step.to}`;
    return failed(text, { meaning: meaningOfEnd('elsewhere', [], names), seen: seenOf(server) });
  }
  const errors = textsOf(state, step, look);
  if (errors.length === 0) return wait;
  if (server.status === 'ERROR') return inError(step, server, errors, names);
  return stays(step, server, errors, meaningOfTexts(errors, names), names);
}

function atTheEnd(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  record: MigrationSeen,
  look: Look,
): Verdict {
  if (server.status === 'ERROR') {
    const errors = textsOf(state, step, look);
    return inError(step, server, errors, namesOf(step, state.requestId), record);
  }
  if (server.host !== step.to || !atRest(server)) return wait;
  return { kind: 'done' };
}

function afterFailure(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  record: MigrationSeen,
  look: Look,
): Verdict {
  const { kind, serverName } = step;
  if (!atRest(server) && server.status !== 'ERROR') return wait; // it is rolled back
  if (ownAction(state, kind, look)?.open === true) return wait; // why is written down last
  const errors = textsOf(state, step, look);
  const names = namesOf(step, state.requestId);
  if (server.status === 'ERROR') return inError(step, server, errors, names, record);
  const seen = seenOf(server);
  const here = `${serverName} is ${server.status} on ${server.host ?? 'no host'}`;
  if (record.status === 'cancelled') {
    const end = state.ending?.call === 'abort' ? 'aborted' : 'aborted-by-others';
    return failed(`the migration was aborted; ${here}`, { meaning: meaningOfEnd(end, [], names), seen });
  }
  if (record.status === 'reverted' || record.status === 'reverting')
    return failed(`the migration was reverted; ${here}`, {
      meaning: meaningOfEnd('reverted', [], names),
      seen,
    });
  if (errors.length > 0) {
    const meaning =
      kind === 'live'
        ? meaningOfTexts(errors, names)
        : (causeOf(errors, names) ?? meaningOfEnd(quietEnd(step, record), [], names));
    return stays(step, server, errors, meaning, names);
  }
  return failed(`migration ${record.status} while it ran, and Nova tells no reason; ${here}`, {
    meaning: meaningOfEnd(quietEnd(step, record), [], names),
    seen,
  });
}

/** How a failure ends that leaves the server as it was. */
function quietEnd({ kind }: MigrationStep, { status }: MigrationSeen): End {
  if (kind === 'evacuate') return 'evacuate-failed';
  if (kind === 'cold') return 'cold-rolled-back';
  return status === 'failed' ? 'live-rolled-back' : 'live-broken-off';
}

/** Nothing passes by itself for a server in ERROR, but for one that Nova did not evacuate: it may be asked again. */
function inError(
  step: MigrationStep,
  server: ServerSeen,
  errors: readonly string[],
  names: Names,
  record?: MigrationSeen,
): Verdict {
  const { serverName, kind, from, to } = step;
  const texts = unique([...errors, ...(server.fault === undefined ? [] : [server.fault])]);
  const where = server.host === to ? 'destination' : 'source';
  const end = kind === 'evacuate' ? 'evacuate-failed' : (`${kind}-error-at-${where}` as const);
  const words = texts.length === 0 ? '' : `: ${tellingOf(texts).join('; ')}`;
  const meaning = meaningOfEnd(end, texts, names);
  const staysLost =
    kind === 'evacuate' && server.host === from && (record === undefined || cameToNothing(record));
  const what = `${broughtWords(record)}; ${serverName} is in ERROR on ${server.host ?? 'no host'}`;
  return failed(`${what}${words}`, {
    meaning: staysLost ? meaning : omit(meaning, 'passes'),
    seen: seenOf(server),
  });
}

function broughtWords(record: MigrationSeen | undefined): string {
  if (record === undefined) return 'no migration was begun';
  return cameToNothing(record) ? `migration ${record.status}` : 'the migration went only half well';
}

function stays(
  { serverName }: MigrationStep,
  server: ServerSeen,
  errors: readonly string[],
  meaning: Meaning | undefined,
  names: Names,
): Verdict {
  const text = `${serverName} stays on ${server.host ?? 'no host'}: ${tellingOf(errors).join('; ')}`;
  const seen = seenOf(server);
  return meaning === undefined
    ? failed(text, { read: logWords('destination', names), seen })
    : failed(text, { meaning, seen });
}

/** What says most: the scheduler's refusal only follows from that of a host. */
function tellingOf(texts: readonly string[]): readonly string[] {
  const telling = texts.filter((text) => !scheduler.test(text));
  return telling.length > 0 ? telling : texts;
}

const scheduler = /^No valid host was found/;

/** What the own action's failed events say. */
const textsOf = (state: StepState, { kind }: MigrationStep, look: Look): readonly string[] =>
  unique(ownAction(state, kind, look)?.errors ?? []);

const unique = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.map((text) => withoutTraceback(text).trim()).filter((text) => text !== '')),
];

/** Some of Nova's own words end with where in its code they come from. */
const withoutTraceback = (text: string): string =>
  text.split(/\n\s*Traceback \(most recent call last\)/)[0] ?? text;

const namesOf = ({ serverName, from, to }: MigrationStep, requestId: string | undefined): Names => ({
  server: serverName,
  from,
  to,
  ...(requestId !== undefined && { requestId }),
});

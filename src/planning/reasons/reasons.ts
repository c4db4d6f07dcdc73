import type { Rule, Violation } from '../../constraints/rule.ts';
import type { Assignment } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { MigrationVolume } from '../../objective/evaluation.ts';
import { mended } from '../../plan/compare-violations.ts';
import type { MigrationStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Run } from '../run.ts';
import { createGains } from './gains.ts';
import { createGainWords, type WholeMove } from './gain-words.ts';
import type { Follower, RoomNotes } from './room.ts';

/** What is known of a plan when its steps have been replayed. */
export interface Replayed {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly end: Assignment;
  readonly volumes: readonly MigrationVolume[];
  readonly emptied: ReadonlySet<HostId>;
  readonly room: RoomNotes;
  readonly violations: { readonly before: readonly Violation[]; readonly after: readonly Violation[] };
}

/** The most reasons that a step gives. */
const mostReasons = 2;

/**
 * The steps, each migration with what it is for: the chief reason and, where there is one, a second. Only what the
 * options, the goal with and without the one move, the rules and the replay of the plan say; where none of them gives a
 * reason, that is said.
 */
export function withReasons(replayed: Replayed): readonly Step[] {
  const migrations = replayed.steps.filter(isMigration);
  const reasonsOf = wholeReasons(replayed);
  const reasons = new Map<string, string>();
  for (const legs of groupBy(migrations, ({ server }) => server).values()) {
    const words = reasonsOf(legs);
    for (const [index, leg] of legs.entries())
      reasons.set(leg.id, legReason(leg, index, legs, words, replayed));
  }
  return replayed.steps.map((step) => {
    const reason = reasons.get(step.id);
    return reason === undefined ? step : { ...step, reason };
  });
}

/** What one migration is for, of a server that may stop over. */
function legReason(
  leg: MigrationStep,
  index: number,
  legs: readonly MigrationStep[],
  whole: readonly string[],
  { room }: Replayed,
): string {
  const before = legs[index - 1];
  const purpose = listed(whole);
  if (leg.stopOver) {
    const so = followerWords(room.followerOf(leg.id), `stop-over on ${leg.to}`, leg.from);
    return whole.length === 0 ? so : `${so}; ${purpose}`;
  }
  if (before === undefined) return purpose;
  if (leg.to === legs[0]?.from) return `comes back from its stop-over on ${leg.from}`;
  return `goes on from its stop-over on ${leg.from}; ${purpose}`;
}

function followerWords(follower: Follower | undefined, what: string, host: HostId): string {
  if (follower === undefined) return what;
  const { step, needed } = follower;
  const who = `${step.serverName} (${step.id})`;
  return needed ? `${what}, so that ${who} can come to ${host}` : `${what} before ${who} comes to ${host}`;
}

const listed = (words: readonly string[]): string => words.slice(0, mostReasons).join('; ');

/** The reasons of a server's whole move, the chief one first; none for one that comes back to where it was. */
function wholeReasons(replayed: Replayed): (legs: readonly MigrationStep[]) => readonly string[] {
  const { run, end, emptied, volumes, room, violations } = replayed;
  const { context, request, problem } = run;
  const gainsOf = createGains(run, end, volumes);
  const wordsOf = createGainWords(request.goal, context, problem.start, end);
  const mendedBy = mendedWords(violations, run.rules);
  const countsBreaches = request.goal.terms.some(
    ({ kind }) => kind === 'load-above' || kind === 'group-violations',
  );
  return (legs) => {
    const first = legs[0];
    const server = first === undefined ? undefined : context.cloud.servers.get(first.server);
    const to = legs.at(-1)?.to;
    if (first === undefined || server === undefined || to === undefined || to === first.from) return [];
    const move = { server, from: first.from, to };
    const asked = askedFor(first, to, run);
    const gains = asked.length > 0 ? [] : gainsOf(move).map((gain) => wordsOf(gain, move));
    const words = [
      ...asked,
      ...gains,
      ...(first.stopOver ? [] : roomWords(room.followerOf(first.id), move)),
      ...(countsBreaches ? [] : mendedBy(move)),
      ...(asked.length === 0 && emptied.has(move.from) ? [`frees ${move.from}`] : []),
    ];
    const own = [...new Set(words)];
    return own.length > 0 ? own : [without(first, room.followerOf(first.id), run)];
  };
}

/** What the operator asked for. */
function askedFor({ kind, from, server }: MigrationStep, to: HostId, { request }: Run): readonly string[] {
  const { options, homes } = request;
  if (kind === 'evacuate') return [`evacuates from ${from}, which is down`];
  if (options.drain.includes(from)) return [`drains ${from}`];
  return homes?.get(server) === to ? [`brings it back to ${to}`] : [];
}

const roomWords = (follower: Follower | undefined, { from }: WholeMove): readonly string[] =>
  follower?.needed === true
    ? [`makes room on ${from} for ${follower.step.serverName} (${follower.step.id})`]
    : [];

/** Nothing gets worse if this server alone stays. */
function without(leg: MigrationStep, follower: Follower | undefined, { request: { goal } }: Run): string {
  const together = `one of the moves that goal ${goal.name} gains by together; by itself it gains nothing`;
  return follower === undefined ? together : followerWords(follower, `leaves ${leg.from}`, leg.from);
}

/** What is broken today and not at the end, by the servers that leave. */
function mendedWords(
  { before, after }: Replayed['violations'],
  rules: readonly Rule[],
): (move: WholeMove) => readonly string[] {
  const gone = mended(before, after);
  const ofServer = new Map<ServerId, Violation>();
  const ofHost = new Map<HostId, Violation>();
  for (const violation of gone) {
    for (const server of violation.servers) if (!ofServer.has(server)) ofServer.set(server, violation);
    if (violation.host !== undefined && violation.servers.length === 0) ofHost.set(violation.host, violation);
  }
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return ({ server, from }) => {
    const violation = ofServer.get(server.id) ?? ofHost.get(from);
    const rule = violation === undefined ? undefined : byId.get(violation.rule);
    return violation === undefined || rule === undefined ? [] : [`mends: ${rule.describe(violation)}`];
  };
}

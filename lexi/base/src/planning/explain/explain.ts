import type { Arrival } from '../../constraints/arrival.ts';
import type { RuleContext, Way } from '../../constraints/context.ts';
import type { Rule } from '../../constraints/rule.ts';
import type { StateView } from '../../constraints/state-view.ts';
import type { WarningRule } from '../../constraints/warning-rule.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { isLegal, judgeArrival, type Refusal } from '../../replay/legality.ts';
import { foldNotices } from '../fold-notices.ts';
import { neutral } from './alike.ts';
import { compareDistance, distanceOf } from './distance.ts';
import type { ChosenCell, Explanation, HostAnswer, ServerFacts, WayAnswer } from './explanation.ts';
import { groupAnswers } from './groups.ts';
import { allowing, askedWays, everyWay, isSourceDown, openingDisruptions, wayKey } from './ways.ts';

export interface Question {
  readonly server: Server;
  /** Ask this host alone, about every way that there is. */
  readonly to?: HostId;
  readonly rules: readonly Rule[];
  readonly warnings: readonly WarningRule[];
}

/**
 * Why a server may go to some hosts and not to others, as `state` stands: every host is asked about every allowed way
 * and answers with the best that it takes, or with the reasons of the one that comes nearest.
 */
export function explainServer(question: Question, state: StateView): Explanation {
  const { server, to } = question;
  const { profile } = state.context;
  const common = {
    profile: profile.name,
    server: factsOf(server, state.context),
    ...(to !== undefined && { to }),
  };
  if (server.host === undefined)
    return { ...common, ways: [], hosts: [], groups: [], warnings: [], allowing: [] };
  const asked = ask(question, server.host, state);
  const rules = new Map(question.rules.map((rule) => [rule.id, rule]));
  const ways = asked.map(({ way, answers }): WayAnswer => ({
    ...way,
    accepted: answers.filter(({ verdict }) => verdict === 'yes').length,
    everywhere: to === undefined ? refusedEverywhere(answers, rules) : [],
  }));
  const answers = asked.flatMap((each) => each.answers);
  const hosts = (to === undefined ? bestOfEachHost(answers) : answers).map((answer) =>
    warned(answer, question, ways, state),
  );
  return {
    ...common,
    ways,
    hosts,
    groups: groupAnswers(hosts, ways, rules),
    warnings: question.warnings.flatMap((rule) => {
      const notices = hosts.flatMap(({ host, warnings }) =>
        warnings.filter(({ id }) => id === rule.id).map(({ text }) => ({ text, key: host })),
      );
      return foldNotices(rule, notices).map(({ text, keys }) => ({ id: rule.id, text, hosts: keys }));
    }),
    allowing: opened(question, server.host, hosts, state),
  };
}

const factsOf = (server: Server, context: RuleContext): ServerFacts => {
  const { id, name, host, status, flavor, group } = server;
  const groupName = group === undefined ? undefined : context.cloud.groups.get(group)?.name;
  return {
    id,
    name,
    status,
    hostIsDown: isSourceDown(server, context),
    flavor: { name: flavor.name, vcpus: flavor.vcpus, memoryMiB: flavor.memoryMiB },
    ...(host !== undefined && { host }),
    ...(groupName !== undefined && { group: groupName }),
  };
};

interface Asked {
  readonly way: Way;
  readonly answers: readonly HostAnswer[];
}

function ask({ server, to, rules }: Question, from: HostId, state: StateView): readonly Asked[] {
  const { context } = state;
  const hosts = to === undefined ? othersThan(from, context) : [to];
  const ways = to === undefined ? askedWays(server, context) : everyWay(server, context);
  return ways.map((way) => ({
    way,
    answers: hosts.map((host) => answerOf({ server, from, to: host, ...way }, rules, state)),
  }));
}

const othersThan = (from: HostId, { cloud }: RuleContext): readonly HostId[] =>
  [...cloud.hosts.keys()].filter((host) => host !== from);

function answerOf(arrival: Arrival, rules: readonly Rule[], state: StateView): HostAnswer {
  const { server, to, method, storage, forced } = arrival;
  const { refusals, assumed } = judgeArrival(arrival, state, rules);
  const fit = state.fit(server.id, to);
  const cells = (fit?.fits === true ? fit.cells : []).map((cell): ChosenCell => ({
    hostCell: cell.hostCellId,
    pinnedCpus: cell.pinnedCpuCount + cell.reservedCpuCount,
    ...(cell.pageSizeKiB !== undefined && { pageSizeKiB: cell.pageSizeKiB }),
  }));
  return {
    host: to,
    verdict: refusals.length === 0 ? 'yes' : 'no',
    method,
    storage,
    ...(forced !== undefined && { forced }),
    cells,
    refusals,
    assumptions: assumed,
    warnings: [],
  };
}

/** What every host says in the same words; of a single host that is only what does not speak of it. */
function refusedEverywhere(
  answers: readonly HostAnswer[],
  rules: ReadonlyMap<string, Rule>,
): readonly Refusal[] {
  const [first] = answers;
  if (first === undefined) return [];
  return first.refusals.flatMap((refusal) => {
    const rule = rules.get(refusal.rule);
    const { text } = neutral(refusal, first.host, rule);
    if (answers.length === 1 && refusal.where === first.host) return [];
    const same = answers.every(({ host, refusals }) =>
      refusals.some((other) => other.rule === refusal.rule && neutral(other, host, rule).text === text),
    );
    return same
      ? [{ ...refusal, text, where: refusal.where === first.host ? 'every host' : refusal.where }]
      : [];
  });
}

/** Takers in the order of the hosts, then the others, the nearest first. Earlier ways win where they are as good. */
function bestOfEachHost(answers: readonly HostAnswer[]): readonly HostAnswer[] {
  const best = new Map<HostId, Ranked>();
  for (const answer of answers) {
    const ranked = { answer, distance: distanceOf(answer.refusals) };
    const known = best.get(answer.host);
    if (known === undefined || compareDistance(ranked.distance, known.distance) < 0)
      best.set(answer.host, ranked);
  }
  return [...best.values()]
    .toSorted((a, b) => compareDistance(a.distance, b.distance))
    .map(({ answer }) => answer);
}

interface Ranked {
  readonly answer: HostAnswer;
  readonly distance: ReturnType<typeof distanceOf>;
}

/** The answer with its warnings, where the host itself has nothing against the server. */
function warned(
  answer: HostAnswer,
  { server, warnings }: Question,
  ways: readonly WayAnswer[],
  state: StateView,
): HostAnswer {
  const way = ways.find((each) => wayKey(each) === wayKey(answer));
  const everywhere = new Set(way?.everywhere.map(({ rule }) => rule));
  if (server.host === undefined || answer.refusals.some(({ rule }) => !everywhere.has(rule))) return answer;
  const { host: to, method, storage, forced } = answer;
  const arrival = { server, from: server.host, to, method, storage, ...(forced !== undefined && { forced }) };
  const notices = warnings.flatMap((rule) =>
    (rule.onArrival?.(arrival, state) ?? []).map(({ text }) => ({ id: rule.id, text })),
  );
  return { ...answer, warnings: notices };
}

/** Hosts that one more allowed disruption would open. */
function opened(
  { server, rules }: Question,
  from: HostId,
  answers: readonly HostAnswer[],
  state: StateView,
): Explanation['allowing'] {
  const accepting = new Set(answers.filter(({ verdict }) => verdict === 'yes').map(({ host }) => host));
  const refusing = new Map(
    answers.filter(({ host }) => !accepting.has(host)).map((answer) => [answer.host, answer]),
  );
  const inOrder = refusingFirst(rules);
  return openingDisruptions.flatMap((allow) => {
    if (state.context.allow.has(allow)) return [];
    const context = allowing(state.context, allow);
    const then = { ...state, context };
    const ways = askedWays(server, context);
    const hosts = [...refusing.values()]
      .filter(({ host: to, refusals }) => {
        const ordered = inOrder(refusals);
        return ways.some((way) => isLegal({ server, from, to, ...way }, then, ordered));
      })
      .map(({ host }) => host);
    return hosts.length === 0 ? [] : [{ allow, hosts }];
  });
}

/** Rules in the order in which a host that has refused by some of them is soonest found to refuse again. */
function refusingFirst(rules: readonly Rule[]): (refusals: readonly Refusal[]) => readonly Rule[] {
  const known = new Map<string, readonly Rule[]>();
  return (refusals) => {
    const ids = new Set(refusals.map(({ rule }) => rule));
    const key = [...ids].join();
    const made = known.get(key) ?? rules.toSorted((a, b) => Number(ids.has(b.id)) - Number(ids.has(a.id)));
    known.set(key, made);
    return made;
  };
}

import type { Rule } from '../../constraints/rule.ts';
import { groupBy } from '../../shared/collections.ts';
import { invariant } from '../../shared/invariant.ts';
import { mergeTexts, type Neutral, neutral, rangeOf } from './alike.ts';
import type { AnswerGroup, HostAnswer, Reason, WayAnswer } from './explanation.ts';
import { wayKey } from './ways.ts';

/** Hosts that answer alike, in the order of the first of each; what holds everywhere is left out. */
export function groupAnswers(
  answers: readonly HostAnswer[],
  ways: readonly WayAnswer[],
  rules: ReadonlyMap<string, Rule>,
): readonly AnswerGroup[] {
  const told = new Map(ways.map((way) => [wayKey(way), new Set(way.everywhere.map(({ rule }) => rule))]));
  const seen = answers.map((answer) => {
    const known = told.get(wayKey(answer));
    const own = answer.refusals
      .filter(({ rule }) => known?.has(rule) !== true)
      .map((refusal) => neutral(refusal, answer.host, rules.get(refusal.rule)));
    return { answer, own };
  });
  return [...groupBy(seen, keyOf).values()].map(groupOf);
}

interface Seen {
  readonly answer: HostAnswer;
  readonly own: readonly Neutral[];
}

const keyOf = ({ answer, own }: Seen): string =>
  JSON.stringify([
    answer.verdict,
    wayKey(answer),
    own.map(({ kind }) => kind),
    own.length === 0 ? answer.cells : [],
  ]);

function groupOf(members: readonly Seen[]): AnswerGroup {
  const [first] = members;
  invariant(first !== undefined, 'a group has hosts');
  const { verdict, method, storage, forced, cells } = first.answer;
  return {
    verdict,
    method,
    storage,
    ...(forced !== undefined && { forced }),
    hosts: members.map(({ answer }) => answer.host),
    reasons: first.own.map((_, index) => reasonOf(members.flatMap(({ own }) => own[index] ?? []))),
    cells: first.own.length === 0 ? cells : [],
  };
}

function reasonOf(same: readonly Neutral[]): Reason {
  const refusal = same[0]?.refusal;
  invariant(refusal !== undefined, "a reason is somebody's");
  const wordings = [...groupBy(same, ({ wording }) => wording).values()].map((alike) => ({
    text: mergeTexts(alike.map(({ text }) => text)),
    hosts: alike.length,
  }));
  return {
    rule: refusal.rule,
    wordings: wordings.toSorted((a, b) => b.hosts - a.hosts),
    measured: rangeOf(same.map((each) => each.refusal.measured)),
    limit: rangeOf(same.map((each) => each.refusal.limit)),
    unit: refusal.unit,
  };
}

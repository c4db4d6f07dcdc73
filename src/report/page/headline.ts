import type { Plan } from '../../plan/plan.ts';
import { showName } from '../../shared/text.ts';
import { planFacts } from '../show-plan.ts';
import { counted, decimal, nameList } from '../words.ts';
import type { PageInput } from './page-input.ts';

type Fact = readonly [label: string, words: string];

/** `Consolidate: 6 hosts freed by 41 moves`. */
export function titleOf({ basedOn, summary: { hostsFreed, moves } }: Plan): string {
  const name = showName(basedOn.goal.name, longestGoal);
  const goal = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (moves === 0) return `${goal}: nothing moves`;
  if (hostsFreed.length === 0) return `${goal}: ${counted(moves, 'move')}`;
  return `${goal}: ${counted(hostsFreed.length, 'host')} freed by ${counted(moves, 'move')}`;
}

const longestGoal = 60;

/** What the plan comes to, one fact a line, the most important first. */
export function headline({ plan, cloud }: PageInput): readonly Fact[] {
  const facts = planFacts(plan, {});
  const [basis, ...others] = facts.filter(([label]) => label !== 'next');
  return [
    ...others.filter(([label, words]) => label !== 'hosts freed' || words !== 'none'),
    ...(cloud?.balance ?? []).map(({ resource, before, after }): Fact => [
      `load of ${resource}`,
      `highest ${share(before.highest)} → ${share(after.highest)}, lowest ${share(before.lowest)} → ${share(after.lowest)}, all hosts ${share(before.mean)} → ${share(after.mean)}`,
    ]),
    ...cold(plan),
    ...(basis === undefined ? [] : [basis]),
  ];
}

const share = (percent: number): string => `${decimal(percent)} %`;

/** Who is shut down, which is what a reader has to tell their owners. */
function cold({ steps }: Plan): readonly Fact[] {
  const names = [
    ...new Set(
      steps.flatMap((step) => (step.kind === 'cold' || step.kind === 'evacuate' ? [step.serverName] : [])),
    ),
  ];
  return names.length === 0 ? [] : [['shut down', `${counted(names.length, 'server')}: ${nameList(names)}`]];
}

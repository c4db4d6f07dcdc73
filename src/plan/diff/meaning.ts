import type { PlanDiff } from './plan-diff.ts';

type Parts = Omit<PlanDiff, 'kind' | 'equal' | 'before' | 'after' | 'meaning'>;

/** What the differences come to, in a sentence. */
export function meaningOf(equal: boolean, parts: Parts): string {
  if (equal) return 'The plans are the same.';
  const facts = [...movesWords(parts), ...freedWords(parts), ...figureWords(parts)];
  const does =
    facts.length === 0
      ? 'The second plan does the same in the same order'
      : `The second plan ${facts.join(', ')}`;
  return `${does}; ${worthWords(parts)}.`;
}

function movesWords({ moves }: Parts): readonly string[] {
  const { added, dropped, retargeted, otherWay, otherTime } = moves;
  const said = (count: number, verb: string, end = ''): readonly string[] =>
    count === 0 ? [] : [`${verb} ${counted(count, 'server')}${end}`];
  return [
    ...said(added.length, 'moves', ' more'),
    ...said(dropped.length, 'leaves out'),
    ...said(retargeted.length, 'sends', ' elsewhere'),
    ...said(otherWay.length, 'moves', ' in another way'),
    ...(added.length + dropped.length + retargeted.length === 0
      ? said(otherTime.length, 'moves', ' at another time')
      : []),
  ];
}

const freedWords = ({ hostsFreed: { added, dropped } }: Parts): readonly string[] => [
  ...(added.length === 0 ? [] : [`frees ${counted(added.length, 'host')} that the first does not`]),
  ...(dropped.length === 0 ? [] : [`does not free ${counted(dropped.length, 'host')} that the first does`]),
];

function figureWords({ figures }: Parts): readonly string[] {
  const time = figures.find(({ name }) => name === 'time');
  const memory = figures.find(({ name }) => name === 'memory copied');
  return [
    ...(memory === undefined
      ? []
      : [
          `copies ${Math.abs(memory.after - memory.before)} GiB of memory ${memory.after > memory.before ? 'more' : 'less'}`,
        ]),
    ...(time === undefined
      ? []
      : [
          `takes ${Math.round(Math.abs(time.after - time.before))} s ${time.after > time.before ? 'longer' : 'less'}`,
        ]),
  ];
}

function worthWords({ objective, basedOn }: Parts): string {
  if (objective === undefined) {
    const other = basedOn
      .filter(({ what }) => what === 'inventory' || what === 'goal')
      .map(({ what }) => what);
    return `their objectives cannot be compared, as the ${other.join(' and the ')} ${other.length === 1 ? 'is' : 'are'} not the same`;
  }
  const index = objective.findIndex(({ before, after }) => Math.abs(before - after) > 1e-6);
  const first = objective[index];
  if (first === undefined) return 'by the goal they are equally good';
  const by = Math.abs(first.after - first.before);
  const where = objective.length === 1 ? '' : ` in priority ${index + 1}`;
  return `by the goal it is ${first.after < first.before ? 'better' : 'worse'} by ${Number(by.toFixed(2))}${where}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

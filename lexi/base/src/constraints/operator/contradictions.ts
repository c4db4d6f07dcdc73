import type { Cloud } from '../../model/cloud.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { showName } from '../../shared/text.ts';
import { type Ask, asksOf, asksOfCloud } from './asks.ts';
import { type Conflict, conflictOf } from './conflict.ts';
import type { OperatorRule } from './document.ts';
import type { ResolvedRule } from './resolved.ts';

/** Asks that no assignment meets together, and none of them can be left out. */
export interface Contradiction extends Conflict {
  readonly asks: readonly Ask[];
}

/**
 * Rules that contradict themselves, each other, or what the cloud asks: single ones, pairs, and a limit or a set that is
 * to be together with all fences and bans on its servers. What is found is sure; there may be more.
 */
export function contradictions(rules: readonly ResolvedRule[], cloud: Cloud): readonly Contradiction[] {
  const own = asksOf(rules, cloud);
  const all = [...own, ...asksOfCloud(cloud)];
  const hosts = [...cloud.hosts.keys()];
  const found: Contradiction[] = [];
  const look = (asks: readonly Ask[]): void => {
    if (asks.every(isOfCloud) || found.some((known) => known.asks.every((ask) => asks.includes(ask)))) return;
    if (conflictOf(asks, hosts) === undefined) return;
    const least = leastOf(asks, (some) => conflictOf(some, hosts) !== undefined);
    const conflict = conflictOf(least, hosts);
    if (conflict !== undefined && !least.every(isOfCloud)) found.push({ ...conflict, asks: least });
  };
  for (const ask of own) look([ask]);
  for (const [a, b] of pairsOf(all)) look([a, b]);
  const places = all.filter(({ kind }) => kind === 'within');
  const others = all.filter(({ kind }) => kind !== 'within');
  look(places);
  for (const ask of others) look(withPlaces([ask], places));
  for (const [a, b] of pairsOf(others)) look(withPlaces([a, b], places));
  return found;
}

const isOfCloud = ({ of }: Ask): boolean => of.rule === undefined;

const withPlaces = (asks: readonly Ask[], places: readonly Ask[]): readonly Ask[] => [
  ...asks,
  ...places.filter((place) => asks.some((ask) => sharesServer(place, ask))),
];

/** Pairs that may get in each other's way: limits on their own never do. */
function* pairsOf(asks: readonly Ask[]): Generator<readonly [Ask, Ask]> {
  for (const [i, a] of asks.entries())
    for (const b of asks.slice(i + 1)) if ((isPlacing(a) || isPlacing(b)) && sharesServer(a, b)) yield [a, b];
}

const isPlacing = ({ kind }: Ask): boolean => kind === 'within' || kind === 'one-of';

function sharesServer({ servers: a }: Ask, { servers: b }: Ask): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const server of small) if (large.has(server)) return true;
  return false;
}

/** Leaves out one after the other as long as what is left conflicts. */
function leastOf(asks: readonly Ask[], conflicts: (asks: readonly Ask[]) => boolean): readonly Ask[] {
  let least = asks;
  for (const ask of asks) {
    const without = least.filter((other) => other !== ask);
    if (conflicts(without)) least = without;
  }
  return least;
}

/** Contradictions as input errors: the rules, the servers, and what to change. */
export function contradictionProblems(
  rules: readonly ResolvedRule[],
  cloud: Cloud,
  source?: string,
): readonly Diagnostic[] {
  return contradictions(rules, cloud).map(({ asks, servers, text }): Diagnostic => {
    const own = asks.flatMap(({ of }) => (of.rule === undefined ? [] : [of]));
    const names = asks.map(({ of }) => (of.rule === undefined ? of.words : nameOf(of.rule)));
    const who = servers.slice(0, mostNamed).map((id) => showName(cloud.servers.get(id)?.name ?? id));
    const more = servers.length > who.length ? ` and ${servers.length - who.length} more` : '';
    const cannot = names.length === 1 ? 'cannot hold' : 'cannot hold together';
    return {
      code: 'rules.contradiction',
      severity: 'error',
      summary: `${names.join(' and ')} ${cannot}: ${text}, for ${who.join(', ')}${more}`,
      path: own.map(({ index }) => `$.rules[${index}]`).join(', '),
      hint: own.map(({ rule }) => remedy(rule)).join(', or '),
      ...(source !== undefined && { source }),
    };
  });
}

const mostNamed = 8;
const nameOf = ({ name, kind }: OperatorRule): string => `rule ${name} (${kind})`;

function remedy({ kind, name }: OperatorRule): string {
  switch (kind) {
    case 'fence':
      return `let ${name} name more hosts`;
    case 'ban':
      return `let ${name} name fewer hosts`;
    case 'among':
      return `let the groups of ${name} name more hosts`;
    case 'near':
      return `let ${name} name fewer servers`;
    case 'keep-apart':
    case 'max-servers':
      return `raise atMost of ${name}`;
    case 'spread':
      return `lower atLeast of ${name}`;
  }
}

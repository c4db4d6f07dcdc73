import type { RuleContext } from '../../constraints/context.ts';
import { amountsOfFlavor } from '../../constraints/derive-demands.ts';
import type { Assignment } from '../../model/cloud.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import type { FreeSlots, Goal, GroupViolations, Spread, Term } from '../../objective/goal.ts';
import { factsOf } from '../../objective/measure.ts';
import { isTogether, limitOf } from '../../objective/set-terms.ts';
import { createLoadWords, type LoadWords } from './load-words.ts';

/** What a term of the goal gains by a server not being on a host any more. */
export interface Gain {
  readonly term: Term;
  /** Where the term counts several resources one by one, the one that gains most. */
  readonly resource?: string;
  /** In units of the objective, more than zero. */
  readonly amount: number;
}

/** A move as a whole, stop-overs aside. */
export interface WholeMove {
  readonly server: Server;
  readonly from: HostId;
  readonly to: HostId;
}

/** Puts a gain in words. */
export type GainWords = (gain: Gain, move: WholeMove) => string;

/** Words for the gains of one plan. */
export function createGainWords(
  goal: Goal,
  { cloud, demands }: RuleContext,
  start: Assignment,
  end: Assignment,
): GainWords {
  const loads = createLoadWords(factsOf(goal, cloud, demands).loads, start, end);
  const wanted = wantedIn(cloud.flavors);
  return (gain, move) => {
    const { term } = gain;
    switch (term.kind) {
      case 'hosts-used':
        return `frees ${move.from}`;
      case 'load-above':
      case 'load-above-mean':
      case 'highest-load':
        return loadWords(gain, move, loads);
      case 'stranded-capacity':
        return `leaves less ${term.resource} without the ${term.needs} that goes with it`;
      case 'free-slots':
        return `makes room for ${Math.round(gain.amount / term.weight)} more ${wanted(term)} on ${move.from}`;
      case 'spread':
        return spreadWords(term, move.server);
      case 'group-violations':
        return groupWords(term, move, cloud.groups, start);
      case 'closeness':
        return `brings servers together that goal ${goal.name} wants in one ${term.within}`;
      case 'servers-left':
        return `leaves ${move.from}, where goal ${goal.name} wants nobody to stay`;
      case 'route-cost':
      case 'most-moved':
      case 'migration-cost':
        return `lowers the ${term.kind} of goal ${goal.name}`;
    }
  };
}

function loadWords({ term, resource = '' }: Gain, { server, from }: WholeMove, loads: LoadWords): string {
  return term.kind === 'load-above' && 'amounts' in term.threshold
    ? loads.units(server.id, from, resource)
    : loads.percent(server.id, from, resource);
}

/** A flavor that asks for just these amounts, else the amounts. */
function wantedIn(flavors: RuleContext['cloud']['flavors']): (term: FreeSlots) => string {
  const names = new Map<string, string>();
  for (const [name, flavor] of flavors) {
    const key = keyOf(amountsOfFlavor(flavor));
    if (!names.has(key)) names.set(key, name);
  }
  return ({ amounts }) => {
    const name = names.get(keyOf(amounts));
    return (
      name ??
      `servers of ${Object.entries(amounts)
        .map(([r, amount]) => `${amount} ${r}`)
        .join(', ')}`
    );
  };
}

const keyOf = (amounts: Readonly<Record<string, number>>): string =>
  JSON.stringify(
    Object.entries(amounts)
      .filter(([, amount]) => amount > 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

function spreadWords({ of, over }: Spread, server: Server): string {
  return `spreads ${setName(of, server)} over more ${over}s`;
}

function setName(of: Spread['of'], { flavor, group, metadata, projectId }: Server): string {
  if ('sets' in of) return 'servers that the goal wants apart';
  if ('eachMetadata' in of) return `${of.eachMetadata}=${metadata?.[of.eachMetadata] ?? ''}`;
  switch (of.each) {
    case 'project':
      return `project ${projectId ?? ''}`;
    case 'flavor':
      return `servers of flavor ${flavor.name}`;
    case 'group':
      return `group ${group ?? ''}`;
  }
}

/** Whether the group was broken on the host that is left, or would be. */
function groupWords(
  { policies }: GroupViolations,
  { server, from }: WholeMove,
  groups: RuleContext['cloud']['groups'],
  start: Assignment,
): string {
  const group = server.group === undefined ? undefined : groups.get(server.group);
  if (group === undefined) return `mends a group with ${policies.join(' or ')}`;
  if (isTogether(group.policy)) return `brings group ${group.name} together`;
  const there = group.members.filter((member) => start.get(member) === from).length;
  return there > limitOf(group)
    ? `restores spread of group ${group.name}`
    : `keeps group ${group.name} apart`;
}

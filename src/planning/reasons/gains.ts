import type { Assignment } from '../../model/cloud.ts';
import type { MigrationVolume } from '../../objective/evaluation.ts';
import type { Term } from '../../objective/goal.ts';
import { factsOf } from '../../objective/measure.ts';
import { prioritiesOf } from '../../objective/priorities.ts';
import { createWhatIf, type WhatIf } from '../../objective/what-if.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Run } from '../run.ts';
import type { Gain, WholeMove } from './gain-words.ts';

/** Less is rounding. */
const leastGain = 1e-6;

/** A term that counts several resources one by one, as one term a resource. */
interface Split {
  readonly term: Term;
  readonly resources: readonly (string | undefined)[];
  readonly whatIf: WhatIf;
}

/**
 * What each term of the goal would lose if a server stayed where it was and all others ended as planned; the most
 * important priority first, then the greatest.
 */
export function createGains(
  { request: { goal }, context, problem: { start } }: Pick<Run, 'request' | 'context' | 'problem'>,
  end: Assignment,
  volumes: readonly MigrationVolume[],
): (move: WholeMove) => readonly Gain[] {
  const facts = factsOf(goal, context.cloud, context.demands);
  const ofServer = groupBy(volumes, ({ server }) => server);
  const ending = {
    start,
    end,
    migrationsOf: (server: WholeMove['server']['id']) => ofServer.get(server) ?? [],
  };
  const priorities = prioritiesOf(goal).map(({ terms }) =>
    terms.map((term): Split => {
      const parts = partsOf(term);
      const whatIf = createWhatIf({ terms: parts.map((part) => part.term) }, facts, ending);
      return { term, resources: parts.map(({ resource }) => resource), whatIf };
    }),
  );
  return (move) =>
    priorities.flatMap((splits) =>
      splits
        .map((split) => gainOf(split, move))
        .filter(({ amount }) => amount > leastGain)
        .toSorted((a, b) => b.amount - a.amount),
    );
}

function gainOf({ term, resources, whatIf }: Split, { server, from }: WholeMove): Gain {
  const shifts = whatIf(server.id, from, []);
  const most = shifts.reduce((best, shift, k) => (shift > (shifts[best] ?? 0) ? k : best), 0);
  const resource = resources[most];
  return {
    term,
    amount: shifts.reduce((sum, shift) => sum + shift, 0),
    ...(resource !== undefined && { resource }),
  };
}

function partsOf(term: Term): readonly { readonly term: Term; readonly resource?: string }[] {
  if (term.kind === 'highest-load') return [{ term, resource: term.resource }];
  if (term.kind !== 'load-above' && term.kind !== 'load-above-mean') return [{ term }];
  return term.resources.map((resource) => ({ term: { ...term, resources: [resource] }, resource }));
}

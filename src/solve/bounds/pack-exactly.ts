import { at } from '../../shared/at.ts';
import { omit } from '../../shared/omit.ts';
import { buildAssignmentModel } from '../linear/assignment-model.ts';
import { isProvenInfeasible } from './bound.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { noSets, nothingPaid } from '../compile/compiled-objective.ts';
import { decode } from '../linear/decode.ts';
import { estimateColumns } from '../linear/exact.ts';
import type { Placed } from '../placed.ts';
import type { Solver } from '../run.ts';

/** What is known of a packing: an answer, that there is none, or nothing. */
export type Packing = 'infeasible' | 'unknown' | Placed;

/** A larger model takes longer to answer than it is worth. */
const mostColumns = 8_000;

/**
 * Whether all who are on closed hosts find room on the kept ones as these are today: nobody else moves. One small
 * model with nothing to pay for; where it says no, that is proven.
 */
export async function packExactly(
  problem: CompiledProblem,
  keep: Uint8Array,
  solver: Solver,
): Promise<Packing> {
  const packing = packingOf(problem, keep);
  if (problem.hasTwin || estimateColumns(packing) > mostColumns) return 'unknown';
  const built = buildAssignmentModel(packing);
  const answer = await solver.solve({ model: built.model });
  if (isProvenInfeasible(answer)) return isMonotone(problem) ? 'infeasible' : 'unknown';
  return 'values' in answer ? decode(built, answer.values) : 'unknown';
}

/**
 * Whether closing more hosts can only make it harder: not so where servers have to stay together, be spread, or be few
 * in a rack or zone, since others that leave their hosts may be what is wanted.
 */
const isMonotone = ({ noGoods, togethers, domains }: CompiledProblem): boolean =>
  noGoods.every(({ proven }) => proven) &&
  togethers.length === 0 &&
  domains.every(({ per, atLeast }) => per === 'host' && atLeast === 0);

/** The problem with closed hosts to empty, besides those that must be anyway, all others' servers fixed, and nothing to pay. */
function packingOf(problem: CompiledProblem, keep: Uint8Array): CompiledProblem {
  const { start, objective, hosts, classes, classOf, servers } = problem;
  const mustEmpty = problem.mustEmpty.map((flag, h) => flag | (1 - at(keep, h)));
  const fixed = problem.fixed.map((flag, v) => flag | (1 - at(mustEmpty, at(start, v))));
  const allowed = new Map<number, Uint8Array>();
  const kept = (index: number, flags: Uint8Array): Uint8Array => {
    const known = allowed.get(index) ?? flags.map((flag, h) => flag & at(keep, h));
    allowed.set(index, known);
    return known;
  };
  return {
    ...omit(problem, 'spareRoom'), // what stays open is not told by this model
    fixed,
    mustEmpty,
    cost: new Float64Array(servers.length),
    classOf: classOf.map((c, v) => (fixed[v] === 1 ? -1 : c)),
    classes: classes.map((ofClass) => ({
      ...ofClass,
      members: ofClass.members.filter((v) => fixed[v] === 0),
      allowed: kept(ofClass.allowedIndex, ofClass.allowed),
      membership: noSets,
    })),
    objective: {
      ...objective,
      ...nothingPaid,
      membership: servers.map(() => noSets),
      hostPrice: new Float64Array(hosts.length),
    },
  };
}

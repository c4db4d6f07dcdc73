import type { Priority } from '../../objective/priorities.ts';
import { at } from '../../shared/at.ts';
import { compileProblem } from './compile.ts';
import { compileLoads, compileObjective, migrationCosts } from './compile-objective.ts';
import type { CompiledProblem } from './compiled.ts';
import { goalFacts } from './goal-facts.ts';
import { indexProblem } from './indexed.ts';
import type { PlacementProblem } from '../placement-problem.ts';

/**
 * A problem once for each priority, in the same numbers: servers are of one class where they are so under all of the
 * goal's terms.
 */
export function compileByPriority(
  problem: PlacementProblem,
  priorities: readonly Priority[],
): readonly CompiledProblem[] {
  const whole = compileProblem(problem);
  const indexed = indexProblem(problem);
  const facts = goalFacts(indexed);
  const loads = compileLoads(indexed, facts);
  return priorities.map(({ terms }) => {
    const own = { ...facts, terms };
    const objective = compileObjective(indexed, own, loads);
    return {
      ...whole,
      objective,
      cost: migrationCosts(indexed, own),
      classes: whole.classes.map((ofClass) => ({
        ...ofClass,
        membership: at(objective.membership, at(ofClass.members, 0)),
      })),
    };
  });
}

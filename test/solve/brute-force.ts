import type { HostId } from '../../src/model/ids.ts';
import { createObjective } from '../../src/objective/evaluate.ts';
import { type Values, valuesOf } from '../../src/objective/priorities.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import type { Assignment } from '../../src/model/cloud.ts';

/** The goal's value of an assignment. */
export function valueOf(problem: PlacementProblem, assignment: Assignment): number {
  const { goal, cloud, demands, start, volumeOf } = problem;
  const moved = [...assignment.keys()].filter((server) => assignment.get(server) !== start.get(server));
  return createObjective(goal, cloud, demands).evaluate(start, assignment, moved.map(volumeOf)).after;
}

/** The values by priority of every assignment that passes the check. */
export function valuesOfAll(problem: PlacementProblem): readonly Values[] {
  const objective = createObjective(problem.goal, problem.cloud, problem.demands);
  const assignment = new Map(problem.start);
  const names = [...problem.start.keys()];
  const all: Values[] = [];
  const decide = (index: number): void => {
    const server = names[index];
    if (server === undefined) {
      const moved = names.filter((name) => assignment.get(name) !== problem.start.get(name));
      if (checkPrimitives(problem, { assignment, cells: new Map() }).length === 0)
        all.push(
          valuesOf(objective.evaluate(problem.start, new Map(assignment), moved.map(problem.volumeOf))),
        );
      return;
    }
    for (const host of problem.cloud.hosts.keys()) {
      assignment.set(server, host);
      decide(index + 1);
    }
  };
  decide(0);
  return all;
}

/** The best value of all assignments that pass the check; undefined when none does. */
export function bestOfAll(problem: PlacementProblem): number | undefined {
  const names = [...problem.start.keys()];
  const hosts: readonly HostId[] = [...problem.cloud.hosts.keys()];
  const objective = createObjective(problem.goal, problem.cloud, problem.demands);
  const assignment = new Map(problem.start);
  let best: number | undefined;

  function decide(index: number): void {
    const server = names[index];
    if (server === undefined) {
      const moved = names.filter((name) => assignment.get(name) !== problem.start.get(name));
      const value = objective.evaluate(problem.start, new Map(assignment), moved.map(problem.volumeOf)).after;
      if (best !== undefined && value >= best) return;
      if (checkPrimitives(problem, { assignment, cells: new Map() }).length === 0) best = value;
      return;
    }
    for (const host of hosts) {
      assignment.set(server, host);
      decide(index + 1);
    }
  }

  decide(0);
  return best;
}

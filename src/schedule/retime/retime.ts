import { latestEnd } from '../../shared/latest-end.ts';
import type { OrderedStep, Timing } from '../ordered.ts';
import { type OrderRequest, serialSetsOf } from '../run.ts';
import { boundOf, solveTimetable } from '../timetable/solve-timetable.ts';
import { redraw } from './redraw.ts';
import { createHoldings, type Holdings, timingProblem, withoutOrder } from './timing-problem.ts';
import { waitsOf } from './waits.ts';

/** An order with its times. */
export interface Retimed {
  readonly steps: readonly OrderedStep[];
  readonly timing: Timing;
}

/** Starts that are tried for better times: so many for each step, and some for an exact search of few. */
const effortPerStep = 4;
const leastEffort = 300;

/**
 * Gives an order the best times that legality leaves it: keeps what requests need to be legal and to get the same cells,
 * packs migrations anew into slots and links, and draws what they wait for from the new times. No worse than the times
 * that it comes with. Same migrations, same stop-overs.
 */
export function retime(request: OrderRequest, steps: readonly OrderedStep[]): Retimed {
  const holdings = createHoldings(request);
  const moving = steps.flatMap((step) => (step.kind === 'migrate' ? [step.arrival.server.id] : []));
  const waits = waitsOf(request, steps, serialSetsOf(request, [...new Set(moving)]));
  if (waits === undefined) return withTiming(request, steps, holdings);
  const problem = timingProblem(waits, holdings, request);
  const answer = solveTimetable(problem, {
    effort: leastEffort + effortPerStep * problem.tasks.length,
    seed: 1,
    known: new Map(steps.map(({ id, startSeconds }) => [id, startSeconds])),
  });
  if (answer.kind !== 'timetable') return withTiming(request, steps, holdings);
  return withTiming(request, redraw(request, waits, answer.starts, holdings), holdings);
}

function withTiming(request: OrderRequest, steps: readonly OrderedStep[], holdings: Holdings): Retimed {
  const makespanSeconds = latestEnd(steps);
  const bound = boundOf(withoutOrder(steps, holdings, request.options));
  return {
    steps,
    timing: {
      makespanSeconds,
      sumOfEndSeconds: steps.reduce((sum, { endSeconds }) => sum + endSeconds, 0),
      boundSeconds: bound?.seconds ?? 0,
      boundBy: bound?.by ?? 'none',
      outcome: makespanSeconds === bound?.seconds ? 'optimal' : 'feasible',
    },
  };
}

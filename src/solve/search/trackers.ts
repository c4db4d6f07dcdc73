import type { CompiledProblem } from '../compile/compiled.ts';
import { CurveTracker } from './curve-tracker.ts';
import { MovedTracker } from './moved-tracker.ts';
import { NearTracker } from './near-tracker.ts';
import { PeakTracker } from './peak-tracker.ts';
import { SetTracker } from './set-tracker.ts';
import { SlotTracker } from './slot-tracker.ts';
import type { Tracker } from './tracker.ts';
import type { Uses } from './uses.ts';

/** Trackers of all that the goal pays besides moves and used hosts. */
export function createTrackers(problem: CompiledProblem, uses: Uses): readonly Tracker[] {
  const { curves, peaks, slots, sets, nearness, moved } = problem.objective;
  return [
    ...(curves.length === 0 ? [] : [new CurveTracker(problem, uses)]),
    ...peaks.map((cost) => new PeakTracker(cost, uses)),
    ...slots.map((cost) => new SlotTracker(cost, uses)),
    ...(sets.length === 0 ? [] : [new SetTracker(problem)]),
    ...nearness.map((_, term) => new NearTracker(problem, term)),
    ...moved.map((_, term) => new MovedTracker(problem, term)),
  ];
}

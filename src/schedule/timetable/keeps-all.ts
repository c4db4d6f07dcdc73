import { firstOpen } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import { firstDifference } from '../first-difference.ts';
import type { Compiled } from './compiled.ts';

/** Whether starts keep all that the problem asks. */
export const keepsAll = (problem: Compiled, starts: Int32Array): boolean =>
  keepsTimes(problem, starts) &&
  problem.gaps.every((gap, set) => keepsApart(problem, starts, set, gap)) &&
  keepsCapacities(problem, starts) &&
  keepsRooms(problem, starts);

/** Precedences and closed intervals. */
const keepsTimes = ({ tasks }: Compiled, starts: Int32Array): boolean =>
  tasks.every(({ after, closed, seconds }, index) => {
    const start = at(starts, index);
    const isLate = after.every(({ task, lag }) => start >= at(starts, task) + lag);
    return start >= 0 && isLate && firstOpen(closed, start, seconds) === start;
  });

function keepsApart({ tasks }: Compiled, starts: Int32Array, set: number, gap: number): boolean {
  const members = tasks
    .flatMap(({ apart, seconds }, index) => {
      const start = at(starts, index);
      return apart.includes(set) ? [{ start, end: start + seconds }] : [];
    })
    .sort((a, b) => a.start - b.start);
  return members.every(({ start }, place) => place === 0 || start >= at(members, place - 1).end + gap);
}

/** So much more, or less, is held from a second on. */
interface Change {
  readonly of: number;
  readonly second: number;
  readonly amount: number;
}

/** What sums of shares may leave behind. */
const tolerance = 1e-9;

function keepsCapacities({ tasks, capacities }: Compiled, starts: Int32Array): boolean {
  const changes = tasks.flatMap(({ uses }, index) =>
    uses.flatMap(({ resource: of, amount, seconds }): readonly Change[] => {
      const second = at(starts, index);
      return [
        { of, second, amount },
        { of, second: second + seconds, amount: -amount },
      ];
    }),
  );
  return staysWithin(changes, capacities);
}

function keepsRooms({ tasks, left }: Compiled, starts: Int32Array): boolean {
  const changes = tasks.flatMap(({ takes, frees, seconds }, index): readonly Change[] => {
    const second = at(starts, index);
    return [
      ...takes.map(({ room: of, amount }): Change => ({ of, second, amount })),
      ...frees.map(({ room: of, amount }): Change => ({ of, second: second + seconds, amount: -amount })),
    ];
  });
  return staysWithin(changes, left);
}

/** At one instant what is given back comes first. */
function staysWithin(changes: readonly Change[], limits: readonly number[]): boolean {
  const held = limits.map(() => 0);
  return changes
    .toSorted((a, b) => firstDifference(a.second - b.second, a.amount - b.amount))
    .every(({ of, amount }) => {
      const now = at(held, of) + amount;
      held[of] = now;
      return amount <= 0 || now <= at(limits, of) + tolerance;
    });
}

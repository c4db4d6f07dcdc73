import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/objective/evaluation.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { gainsAtLeast } from '../../src/planning/worth.ts';
import { consolidate } from '../support/planning.ts';

const [hosts, moves] = consolidate.terms;
const goal: Goal = {
  ...consolidate,
  terms: [hosts, moves].flatMap((term, index) =>
    term === undefined ? [] : [{ ...term, priority: index + 1 }],
  ),
};
const tolerant: Goal = { ...goal, priorities: [{ priority: 1, tolerance: { absolute: 1, percent: 2 } }] };

const changing = (...changes: readonly (readonly [number, number])[]): Evaluation => {
  const priorities = changes.map(([before, after], k) => ({ priority: k + 1, before, after }));
  const [first = { before: 0, after: 0 }] = priorities;
  return { before: first.before, after: first.after, terms: [], priorities };
};

describe('a plan is worth making', () => {
  it('when its first priority gains so much', () => {
    expect(gainsAtLeast(goal, changing([200, 100], [0, 500]), 100)).toBe(true);
    expect(gainsAtLeast(goal, changing([200, 101], [0, 500]), 100)).toBe(false);
  });

  it('when a later one does and none before it loses', () => {
    expect(gainsAtLeast(goal, changing([200, 200], [150, 50]), 100)).toBe(true);
    expect(gainsAtLeast(goal, changing([200, 199], [150, 50]), 100)).toBe(true);
    expect(gainsAtLeast(goal, changing([200, 201], [150, 0]), 100)).toBe(false);
  });

  it('when what one before it loses is what it may give away', () => {
    expect(gainsAtLeast(tolerant, changing([200, 204], [150, 50]), 100)).toBe(true);
    expect(gainsAtLeast(tolerant, changing([200, 205], [150, 50]), 100)).toBe(false);
  });
});

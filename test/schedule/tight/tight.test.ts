import { describe, expect, it } from 'vitest';
import { agrees, isMinimal, isUnsound, judge } from './judge.ts';

const count = 60;

describe('orders in tight clouds, beside a search through every state that can be reached', () => {
  const verdicts = Array.from({ length: count }, (_, seed) => judge(seed, () => 0));

  it('exist where they can, and are said not to where they cannot', () => {
    expect(verdicts.filter((verdict) => !agrees(verdict))).toEqual([]);
  });

  it('have the fewest stop-overs', () => {
    expect(verdicts.filter((verdict) => isMinimal(verdict) === false)).toEqual([]);
  });

  it('hold in every execution', () => {
    expect(verdicts.filter(isUnsound)).toEqual([]);
  });

  it('are of all kinds', () => {
    const stopOvers = verdicts.map(({ truth }) => (truth.kind === 'reachable' ? truth.stopOvers : -1));

    expect(stopOvers.filter((number) => number === -1).length).toBeGreaterThan(count / 5);
    expect(stopOvers.filter((number) => number > 0).length).toBeGreaterThan(count / 20);
    expect(stopOvers.filter((number) => number > 1).length).toBeGreaterThan(0);
    expect(verdicts.some(({ truth }) => truth.kind === 'reachable' && truth.needsResidents)).toBe(true);
  });
});

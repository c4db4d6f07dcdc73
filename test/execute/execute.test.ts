import { describe, expect, it } from 'vitest';
import { context, plan } from './sample.ts';
import { phases, run, simulate, told } from './simulate.ts';

describe('a run', () => {
  it('does every step, each as soon as what it waits for is done', async () => {
    const cloud = simulate(plan, context);

    const { state, journal } = await run(plan, cloud);

    expect(phases(plan, state)).toEqual(['d1', 'm1', 'm2', 'm3', 'm4', 'c5'].map((id) => `${id} done`));
    expect(state.ended).toEqual({ outcome: 'done', text: '6 of 6 steps done' });
    expect(told(journal, 'calling').map(({ step }) => step)).toEqual(['d1', 'm1', 'm4', 'm2', 'm3', 'c5']);
  });
});

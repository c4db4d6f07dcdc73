import { describe, expect, it } from 'vitest';
import type { Rule, Verdict } from '../../src/constraints/rule.ts';
import { isLegal, judgeArrival } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import { aCloud, aContext, anArrival, aServer } from '../support/builders.ts';

const rule = (id: string, verdict: Verdict): Rule => ({
  id,
  scope: 'pair',
  holds: 'always',
  judge: () => verdict,
  audit: () => [],
  compile: () => [],
  describe: ({ measured, limit, where }) => `${id}: ${measured} over ${limit} at ${where}`,
});
const unsure = (safe: 'yes' | 'no'): Verdict => ({
  kind: 'unknown',
  missing: ['hosts[].cpu'],
  safe,
  assumption: 'all CPUs are alike',
});

const fine = rule('fine', { kind: 'yes' });
const full = rule('full', { kind: 'no', measured: 3, limit: 2, unit: 'VCPU', where: 'h2' });
const closed = rule('closed', { kind: 'no', measured: 1, limit: 0, unit: 'x', where: 'h2', names: ['shut'] });
const assumed = rule('assumed', unsure('yes'));
const doubtful = rule('doubtful', unsure('no'));

const cloud = aCloud({ servers: [aServer('s1', 'h1')] });
const judge = (rules: readonly Rule[], unknown: 'assume' | 'refuse' = 'assume') => {
  const context = aContext(cloud, { unknown });
  const arrival = anArrival(context, 's1', 'h2');
  return {
    legality: judgeArrival(arrival, createState(context), rules),
    legal: isLegal(arrival, createState(context), rules),
  };
};

describe('an arrival', () => {
  it('is legal when no rule refuses it', () => {
    expect(judge([fine, fine])).toEqual({ legality: { refusals: [], assumed: [] }, legal: true });
  });

  it('is refused with every rule that says no, in their words', () => {
    const { legality, legal } = judge([full, fine, closed]);

    expect(legal).toBe(false);
    expect(legality.refusals).toEqual([
      { rule: 'full', text: 'full: 3 over 2 at h2', measured: 3, limit: 2, unit: 'VCPU', where: 'h2' },
      {
        rule: 'closed',
        text: 'closed: 1 over 0 at h2',
        measured: 1,
        limit: 0,
        unit: 'x',
        where: 'h2',
        names: ['shut'],
      },
    ]);
  });

  it('passes on an assumption that can only lose quality, which is named', () => {
    const { legality, legal } = judge([assumed]);

    expect(legal).toBe(true);
    expect(legality).toMatchObject({
      refusals: [],
      assumed: [
        {
          rule: 'assumed',
          missing: ['hosts[].cpu'],
          supply: [expect.stringContaining('virsh capabilities')],
          assumption: 'all CPUs are alike',
        },
      ],
    });
  });

  it('is refused where no safe assumption exists, or none may be made', () => {
    const refusal = {
      text: 'all CPUs are alike (not known: hosts[].cpu)',
      measured: 1,
      limit: 0,
      unit: 'unknown facts',
      where: 'h2',
      names: ['hosts[].cpu'],
    };

    expect(judge([doubtful])).toEqual({
      legality: { refusals: [{ rule: 'doubtful', ...refusal }], assumed: [] },
      legal: false,
    });
    expect(judge([assumed], 'refuse')).toEqual({
      legality: { refusals: [{ rule: 'assumed', ...refusal }], assumed: [] },
      legal: false,
    });
  });

  it('is asked about only until the first rule refuses, when nobody wants to know why', () => {
    const asked: string[] = [];
    const nosy = (id: string, verdict: Verdict): Rule => ({
      ...rule(id, verdict),
      judge() {
        asked.push(id);
        return verdict;
      },
    });
    const context = aContext(cloud);
    const no: Verdict = { kind: 'no', measured: 1, limit: 0, unit: 'x', where: 'h2' };

    isLegal(anArrival(context, 's1', 'h2'), createState(context), [
      nosy('first', { kind: 'yes' }),
      nosy('second', no),
      nosy('third', no),
    ]);

    expect(asked).toEqual(['first', 'second']);
  });
});

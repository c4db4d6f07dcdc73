import { expect, it } from 'vitest';
import { diffPlans } from '../../../src/plan/diff/diff-plans.ts';
import type { MigrationStep, Plan } from '../../../src/plan/plan.ts';
import { withPlanId } from '../../../src/plan/plan-id.ts';
import { omit } from '../../../src/shared/omit.ts';
import { planDiffReport } from '../../../src/report/diff-report.ts';
import { hostId, serverId } from '../../support/builders.ts';
import { aMigration, aPlan } from '../../report/sample-plan.ts';

const first = aMigration({ id: 'm1', server: serverId('s1'), serverName: 's1' });
const base: Plan = aPlan([first, aMigration({ id: 'm2', server: serverId('s2'), serverName: 's2' })]);
const altered = (change: Partial<Plan>): Plan => withPlanId(omit({ ...base, ...change }, 'id'));

it('finds no difference between a plan and itself', () => {
  const diff = diffPlans(base, base);

  expect(diff).toMatchObject({ equal: true, meaning: 'The plans are the same.', basedOn: [], figures: [] });
  expect(Object.values(diff.moves).flat()).toEqual([]);
});

it('tells moves that are dropped or added, the other way round for the other order', () => {
  const fewer = altered({
    steps: base.steps.filter((step) => !('server' in step && step.server === first.server)),
  });

  expect(diffPlans(base, fewer).moves.dropped.map(({ server }) => server)).toEqual([first.server]);
  expect(diffPlans(base, fewer).moves.added).toEqual([]);
  expect(diffPlans(fewer, base).moves.added.map(({ server }) => server)).toEqual([first.server]);
  expect(diffPlans(base, fewer).meaning).toMatch(/^The second plan leaves out 1 server/);
});

it('tells moves to another host, another way to the same, and another time', () => {
  const step = (change: Partial<MigrationStep>): Plan =>
    altered({ steps: base.steps.map((one) => (one.id === first.id ? { ...first, ...change } : one)) });
  const other = first.kind === 'live' ? 'cold' : 'live';
  const lists = (changed: Plan) => {
    const { moves } = diffPlans(base, changed);
    return [moves.retargeted.length, moves.otherWay.length, moves.otherTime.length];
  };

  expect(lists(step({ to: hostId('elsewhere') }))).toEqual([1, 0, 0]);
  expect(lists(step({ kind: other }))).toEqual([0, 1, 0]);
  expect(lists(step({ wave: first.wave + 1 }))).toEqual([0, 0, 1]);
  expect(lists(step({ reason: 'another' }))).toEqual([0, 0, 0]);
});

it('says what the figures and the objective come to, and that other goals cannot be compared', () => {
  const { summary, objective, basedOn } = base;
  const better = altered({
    objective: { ...objective, after: objective.after - 5 },
    summary: {
      ...summary,
      memoryGiB: summary.memoryGiB + 7,
      expectedSeconds: summary.expectedSeconds - 60,
      hostsFreed: [...summary.hostsFreed, hostId('more')],
    },
    warnings: [...base.warnings, { code: 'new', text: 'a new warning', steps: [] }],
  });
  const diff = diffPlans(base, better);

  expect(diff.figures).toEqual([
    { name: 'memory copied', unit: 'GiB', before: summary.memoryGiB, after: summary.memoryGiB + 7 },
    { name: 'time', unit: 's', before: summary.expectedSeconds, after: summary.expectedSeconds - 60 },
  ]);
  expect(diff.hostsFreed).toEqual({ added: ['more'], dropped: [] });
  expect(diff.warnings).toEqual({ added: [{ code: 'new', text: 'a new warning', steps: [] }], gone: [] });
  expect(diff.meaning).toBe(
    'The second plan frees 1 host that the first does not, copies 7 GiB of memory more, takes 60 s less; by the goal it is better by 5.',
  );
  const otherGoal = altered({ basedOn: { ...basedOn, goal: { ...basedOn.goal, name: 'mine' } } });
  const compared = diffPlans(base, otherGoal);
  expect(compared.objective).toBeUndefined();
  expect(compared.meaning).toBe(
    'The second plan does the same in the same order; their objectives cannot be compared, as the goal is not the same.',
  );
  expect(planDiffReport(compared, 100)).toContain(
    `\nMade from something else (1)\n  - goal: ${basedOn.goal.name} → mine\n`,
  );
});

it('names options that differ', () => {
  const { basedOn } = base;
  const limited = altered({ basedOn: { ...basedOn, options: { ...basedOn.options, maxMoves: 3 } } });

  expect(diffPlans(base, limited).basedOn).toEqual([{ what: 'option maxMoves', before: 'none', after: '3' }]);
});

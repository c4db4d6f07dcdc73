import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { recorded } from '../inventory/support/all-sources.ts';
import { folder, importRecording, planner } from './run-planner.ts';

const planIn = (name: string): Plan => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Plan;
const balance = [
  'rebalance',
  '--goal',
  'balance',
  '--effort',
  '2',
  '--inventory',
  'measured.json',
  '--quiet',
];

beforeAll(() => {
  importRecording();
  for (const source of ['api', 'metrics'] as const)
    cpSync(recorded(source), join(folder, 'recording', source), { recursive: true });
  const { status } = planner('import', '--from', 'recording', '--output', 'measured.json');
  expect(status).toBe(0);
});

describe('--by usage', () => {
  it('plans by measured usage, says who is not measured, and verifies', () => {
    const byUsage = planner(...balance, '--by', 'usage', '--usage-margin', '30', '--out', 'usage.json');
    const byAllocation = planner(...balance, '--by', 'allocation', '--out', 'allocation.json');

    expect([byUsage.status, byAllocation.status, byUsage.stderr]).toEqual([0, 0, '']);
    const [plan, other] = [planIn('usage.json'), planIn('allocation.json')];
    expect(plan.basedOn.goal.loads).toEqual({ by: 'usage', marginPercent: 30 });
    expect(other.basedOn.goal.loads).toBeUndefined();
    expect(plan.objective.before).not.toBe(other.objective.before);
    const [unmeasured] = plan.assumptions.filter(({ rule }) => rule === 'usage');
    expect(unmeasured?.servers.length).toBeGreaterThan(0);
    expect(unmeasured?.text).toMatch(
      new RegExp(`^the CPU usage of ${unmeasured?.servers.length ?? 0} of 89 servers is not measured`),
    );
    expect(planner('verify', 'usage.json', '--inventory', 'measured.json').status).toBe(0);
  });

  it('refuses what makes no sense, with the option to change', () => {
    const refused = planner(...balance, '--usage-margin', '5');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('only measured usage has a margin');
    const slots = planner(
      'rebalance',
      '--goal',
      'defragment',
      '--by',
      'usage',
      '--inventory',
      'measured.json',
    );
    expect(slots.status).toBe(2);
    expect(slots.stderr).toContain('free slots');
    const without = planner('rebalance', '--goal', 'balance', '--by', 'usage');
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('no measured usage');
  });

  it('is what a goal of your own may say, and the command overrides it', () => {
    const loads = { by: 'usage', marginPercent: 0 };
    const terms = [{ kind: 'highest-load', weight: 1, resource: 'VCPU' }];
    const goal = { name: 'mine', description: '', spareHosts: 0, headroomPercent: 0, disableEmptied: false };
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ ...goal, loads, terms }));
    const own = ['rebalance', '--goal-file', 'mine.json', '--effort', '1', '--quiet', '--max-moves', '1'];
    const measured = ['--inventory', 'measured.json', '--out', 'mine-plan.json'];

    expect(planner(...own, ...measured).status).toBe(0);
    expect(planIn('mine-plan.json').basedOn.goal.loads).toEqual(loads);
    expect(planner(...own, ...measured, '--by', 'allocation').status).toBe(0);
    expect(planIn('mine-plan.json').basedOn.goal.loads).toBeUndefined();
  });
});

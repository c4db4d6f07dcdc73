import type { RulesDocument } from '../../src/constraints/operator/document.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { planCloud } from '../../src/planning/plan-cloud.ts';
import type { PlanningOptions, PlanningOutcome } from '../../src/planning/planning-request.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Backend } from '../../src/solve/backend.ts';
import { noCpuTable, zedProfile } from './builders.ts';

export const consolidate: Goal = {
  name: 'consolidate',
  description: '',
  spareHosts: 1,
  headroomPercent: 0,
  disableEmptied: true,
  terms: [
    { kind: 'hosts-used', weight: 3200 },
    { kind: 'migration-cost', perMove: 32, perGiB: 1 },
  ],
};

export const balance: Goal = {
  name: 'balance',
  description: '',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
  terms: [
    {
      kind: 'load-above-mean',
      weight: 10,
      resources: ['VCPU', 'PCPU', 'MEMORY_MB'],
      thresholds: [
        { abovePercent: 0, slope: 1 },
        { abovePercent: 10, slope: 2 },
      ],
    },
    { kind: 'migration-cost', perMove: 32, perGiB: 1 },
  ],
};

export const drainGoal: Goal = {
  name: 'drain',
  description: '',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: true,
  terms: [{ kind: 'migration-cost', perMove: 32, perGiB: 1 }],
};

export const someOptions: PlanningOptions = {
  allow: [],
  unknown: 'assume',
  exclude: [],
  only: [],
  minGain: 0,
  spareHosts: 1,
  headroomPercent: 0,
  reEnable: false,
  drain: [],
  effort: 12,
  seed: 1,
};

/** Of an inventory that nobody reads. */
export const someDigest = '0'.repeat(64);

/** Plans a cloud of the builders; options that matter are named, the rest are those above. */
export const plan = (
  cloud: Cloud,
  goal: Goal,
  backend: Backend,
  options: Partial<PlanningOptions> = {},
  profile: Profile = zedProfile,
  operatorRules?: RulesDocument,
): Promise<PlanningOutcome> =>
  planCloud(
    {
      cloud,
      inventoryDigest: someDigest,
      profile,
      goal,
      rules,
      ...(operatorRules !== undefined && { operatorRules }),
      cpuTable: noCpuTable,
      options: { ...someOptions, ...options },
    },
    { backend, now: () => 0, plannerVersion: '0.0.0' },
  );

import type { RuleContext } from '../../src/constraints/context.ts';
import { rules as novaRules } from '../../src/constraints/registry.ts';
import type { Rule } from '../../src/constraints/rule.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Goal } from '../../src/objective/goal.ts';
import type { Finding } from '../../src/plan/finding.ts';
import type { MigrationStep, Plan, Step } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { timetableOf } from '../../src/plan/timetable.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import { transferOf } from '../../src/replay/transfer/transfer.ts';
import { aMigration, aPlan } from '../report/sample-plan.ts';

/** 100 a host in use, 1 a move and 1 a GiB. */
export const goal: Goal = {
  name: 'few-hosts',
  description: '',
  terms: [
    { kind: 'hosts-used', weight: 100 },
    { kind: 'migration-cost', perMove: 1, perGiB: 1 },
  ],
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: true,
};

/** A step that moves a server of the builders (no NUMA topology, 10 GiB of its own) in a minute. */
export function move(
  id: string,
  server: string,
  from: string,
  to: string,
  {
    startSeconds = 0,
    endSeconds = startSeconds + 60,
    cells = [],
    ...over
  }: Partial<MigrationStep> & Partial<MigrationStep['predicted']> = {},
): MigrationStep {
  return aMigration({
    id,
    server: serverId(server),
    serverName: server,
    from: hostId(from),
    to: hostId(to),
    storage: 'block',
    guards: [],
    predicted: {
      cells,
      bytes: 0,
      seconds: { low: 0, expected: endSeconds - startSeconds, high: 200_000 },
      downtimeMs: 0,
    },
    startSeconds,
    endSeconds,
    ...over,
  });
}

/** Waits for these steps to end. */
export const after = (...steps: readonly string[]): Pick<MigrationStep, 'dependsOn'> => ({
  dependsOn: steps.map((step) => ({ step, reason: 'it must be over' })),
});

/** The steps with what the transfer model says of them; each still starts when it did. */
export const foreseen = <Some extends Step>(steps: readonly Some[], cloud: Cloud): readonly Some[] =>
  steps.map((step): Some => {
    if (!isMigration(step)) return step;
    const server = cloud.servers.get(step.server);
    if (server === undefined) throw new Error(`no server ${step.server}`);
    const { from, to, kind: method, storage, startSeconds, predicted } = step;
    const transfer = transferOf({ server, from, to, method, storage }, cloud);
    const { bytes, seconds, downtimeMs, downtimeHighMs } = transfer;
    const endSeconds = startSeconds + seconds.expected;
    return { ...step, endSeconds, predicted: { ...predicted, bytes, seconds, downtimeMs, downtimeHighMs } };
  });

interface Given {
  readonly objective?: Partial<Plan['objective']>;
  readonly summary?: Partial<Plan['summary']>;
  readonly options?: Partial<Plan['basedOn']['options']>;
  readonly goal?: Goal;
  /** Where its timetable is to be right. */
  readonly cloud?: Cloud;
}

/** A plan of these steps under that goal; figures that matter are named, the rest are of nothing. */
export function planOf(
  steps: readonly Step[],
  { objective = {}, summary = {}, options = {}, goal: own = goal, cloud }: Given = {},
): Plan {
  const { basedOn, ...rest } = aPlan(steps);
  return {
    ...rest,
    ...(cloud !== undefined && { timetable: timetableOf(steps, cloud) }),
    basedOn: { ...basedOn, goal: own, options: { ...basedOn.options, spareHosts: 0, ...options } },
    objective: { before: 0, after: 0, terms: [], outcome: 'feasible', rounds: 1, ...objective },
    summary: {
      hostsFreed: [],
      spareHosts: [],
      moves: 0,
      liveMigrations: 0,
      coldMigrations: 0,
      stopOvers: 0,
      memoryGiB: 0,
      diskGiB: 0,
      expectedSeconds: 0,
      violationsBefore: 0,
      violationsAfter: 0,
      ...summary,
    },
  };
}

export const verify = (
  plan: Plan,
  context: RuleContext,
  rules: readonly Rule[] = novaRules,
): readonly Finding[] => verifyPlan({ plan, context, rules }).findings;

/** What a check finds of a kind, one line each: the step, if any, and the words. */
export const told = (findings: readonly Finding[], code: Finding['code']): readonly string[] =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ step, text }) => (step === undefined ? text : `${step}: ${text}`));

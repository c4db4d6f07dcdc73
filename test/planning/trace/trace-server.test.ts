import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../../src/constraints/registry.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Goal } from '../../../src/objective/goal.ts';
import { criticalChain } from '../../../src/plan/critical-chain.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { isMigration } from '../../../src/plan/run-steps.ts';
import { rulesOf } from '../../../src/planning/rules-of.ts';
import { select } from '../../../src/planning/selection.ts';
import type { PlanTrace } from '../../../src/planning/trace/plan-trace.ts';
import { traceServer } from '../../../src/planning/trace/trace-server.ts';
import { planTraceReport } from '../../../src/report/plan-trace.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../../support/builders.ts';
import { drainGoal, plan, someDigest, someOptions } from '../../support/planning.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

/** Moves cost by the flavor; far hosts cost more. */
const farCosts: Goal = {
  ...drainGoal,
  terms: [
    ...drainGoal.terms,
    { kind: 'route-cost', weight: 1, routes: [{ from: {}, to: { name: 'far' }, price: 70 }] },
  ],
};

const onSsd = { 'trait:CUSTOM_SSD': 'required' };
const cloud = aCloud({
  hosts: [
    aHost('h1'),
    aHost('h2', { vcpu: 8, traits: ['CUSTOM_SSD'] }),
    aHost('far', { vcpu: 8, traits: ['CUSTOM_SSD'] }),
    aHost('h3', { vcpu: 2 }),
  ],
  servers: [
    aServer('fast', 'h1', { vcpus: 8, extraSpecs: onSsd }),
    aServer('any', 'h2', { vcpus: 2 }),
    aServer('still', 'far', { vcpus: 1, memoryGiB: 1 }),
  ],
});

const drained = { ...someOptions, drain: [hostId('h1')] };

async function planned(of: Cloud): Promise<Plan> {
  const outcome = await plan(of, farCosts, highs, drained);
  if (outcome.kind !== 'planned') throw new Error(outcome.kind);
  return outcome.plan;
}

const traced = (made: Plan, name: string, of: Cloud = cloud): PlanTrace => {
  const server = of.servers.get(serverId(name));
  if (server === undefined) throw new Error(name);
  return traceServer({
    plan: made,
    server,
    context: aContext(of),
    rules: rulesOf(select(of, drained), rules, drained),
    inventoryDigest: someDigest,
  });
};

describe('a trace of one server through a plan', () => {
  it('says why it moves, what the second best was, and back to the start why then', async () => {
    const made = await planned(cloud);
    const steps = made.steps.filter(isMigration).map(({ serverName, to }) => `${serverName} to ${to}`);

    const trace = traced(made, 'fast');

    expect(steps).toEqual(['any to h3', 'fast to h2']);
    expect(trace).toMatchObject({
      otherInventory: false,
      legs: [
        {
          step: 'm2',
          to: 'h2',
          second: { kind: 'none' },
          chain: [
            { step: 'm2', after: { step: 'm1', reason: 'frees 4096 MiB on h2' } },
            { step: 'm1', idleSeconds: 0 },
          ],
        },
      ],
    });
    expect(trace.legs[0]?.hosts?.hosts.map(({ host, verdict }) => [host, verdict])).toContainEqual([
      'h2',
      'yes',
    ]);
  });

  it('judges the second best in the state of the instant, and prices it by the goal', async () => {
    const roomy = aCloud({
      hosts: [aHost('h1'), aHost('h2'), aHost('far')],
      servers: [aServer('one', 'h1')],
    });
    const made = await planned(roomy);

    const [leg] = traced(made, 'one', roomy).legs;

    expect(leg).toMatchObject({
      to: 'h2',
      second: {
        kind: 'host',
        host: 'far',
        change: { objective: [{ planned: 46, changed: 116 }], terms: [{ kind: 'route-cost', by: 70 }] },
      },
    });
  });

  it('says of a server that stays that nothing is gained, and what the best move would give', async () => {
    const roomy = aCloud({
      hosts: [aHost('h1'), aHost('h2'), aHost('far')],
      servers: [aServer('one', 'h1'), aServer('two', 'h2')],
    });
    const made = await planned(roomy);

    const trace = traced(made, 'two', roomy);

    expect(trace.legs).toEqual([]);
    expect(trace.stays?.best).toMatchObject({
      host: 'far',
      change: {
        objective: [{ planned: 46, changed: 162 }],
        terms: [
          { kind: 'migration-cost', by: 46 },
          { kind: 'route-cost', by: 70 },
        ],
      },
    });
    expect(planTraceReport(trace, 100)).toContain(
      'nothing is gained by moving it; the best move of this one server after the plan: to far,',
    );
  });

  it('says that a server is not where the plan expects it', async () => {
    const one = aServer('one', 'h1');
    const hosts = [aHost('h1'), aHost('h2'), aHost('far')];
    const made = await planned(aCloud({ hosts, servers: [one] }));
    const later = aCloud({ hosts, servers: [{ ...one, host: hostId('far') }] });

    const trace = traced(made, 'one', later);

    expect(trace.legs[0]).toMatchObject({ stale: 'one is not on h1 then' });
    expect(planTraceReport(trace, 100)).toContain('one is not on h1 then: plan again');
  });
});

it('the chain goes by what is over last, and tells what no step explains', async () => {
  const roomy = aCloud({ hosts: [aHost('h1'), aHost('h2'), aHost('far')], servers: [aServer('one', 'h1')] });
  const made = await planned(roomy);
  const late = { steps: made.steps.map((step) => ({ ...step, startSeconds: step.startSeconds + 600 })) };

  expect(criticalChain(late, 'm1').map(({ step, idleSeconds }) => [step.id, idleSeconds])).toEqual([
    ['m1', 600],
    ['d1', 600],
  ]);
});

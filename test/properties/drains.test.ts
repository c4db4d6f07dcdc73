import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { operatorRules } from '../../src/constraints/operator/operator-rules.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Violation } from '../../src/constraints/rule.ts';
import type { HostId, ServerId } from '../../src/model/ids.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { auditAll } from '../../src/plan/compare-violations.ts';
import { touchedView } from '../../src/plan/touched.ts';
import { placeDrained } from '../../src/planning/place-drained.ts';
import { planCloud } from '../../src/planning/plan-cloud.ts';
import { startRun } from '../../src/planning/start-run.ts';
import { createState } from '../../src/replay/state.ts';
import { createRng } from '../../src/shared/rng.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aContext, hostId, noCpuTable, zedProfile } from '../support/builders.ts';
import { drainGoal, someDigest, someOptions } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';
import { inRacks, rulesOfShapes, ruleShapes } from '../support/random-rules.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const text = (violations: readonly Violation[]): readonly string[] =>
  violations.map((violation) => JSON.stringify(violation));
const without = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((each) => !others.includes(each)).toSorted();

describe('an audit of what moves touch', () => {
  it('finds every violation that they make, mend or change, as an audit of the whole cloud does', () => {
    let changes = 0;
    fc.assert(
      fc.property(cloudShapes(), ruleShapes(), fc.integer({ min: 1 }), (shape, own, seed) => {
        const cloud = inRacks(cloudOf(shape));
        const rng = createRng(seed);
        const all = [...rules, ...operatorRules(rulesOfShapes(own), cloud).rules];
        const state = createState(aContext(cloud));
        const hosts = [...cloud.hosts.keys()];
        const moves = [...cloud.servers.values()].flatMap((server) => {
          const to = hosts[rng.nextInt(hosts.length)];
          const inFlight = state.claimsOf(server.id).length !== 1;
          if (rng.nextInt(3) > 0 || inFlight || server.host === undefined) return [];
          return to === undefined || to === server.host ? [] : [{ server, from: server.host, to }];
        });
        const servers = new Set<ServerId>(moves.map(({ server }) => server.id));
        const touched = new Set<HostId>(moves.flatMap(({ from, to }) => [from, to]));
        const part = touchedView(state, { servers, hosts: touched });
        const [before, partBefore] = [text(auditAll(state, all)), text(auditAll(part, all))];

        for (const move of moves) {
          state.apply({ kind: 'request', arrival: { ...move, method: 'live', storage: 'shared' } });
          state.apply({ kind: 'complete', server: move.server.id });
        }

        const [after, partAfter] = [text(auditAll(state, all)), text(auditAll(part, all))];
        changes += without(after, before).length + without(before, after).length;
        expect(without(partAfter, partBefore)).toEqual(without(after, before));
        expect(without(partBefore, partAfter)).toEqual(without(before, after));
        expect(partAfter.length - partBefore.length).toBe(after.length - before.length);
      }),
      { numRuns: 150, seed: 31 },
    );
    expect(changes).toBeGreaterThan(50);
  });
});

describe('a drain whose servers are placed one by one', () => {
  it('has a bound that is never above what the whole cloud can do', async () => {
    let met = 0;
    let asked = 0;
    const goalOf = (weight: number): Goal => ({
      ...drainGoal,
      terms: [
        { kind: 'migration-cost', perMove: 3, perGiB: 1 },
        {
          kind: 'load-above-mean',
          weight,
          resources: ['VCPU', 'PCPU', 'MEMORY_MB'],
          thresholds: [
            { abovePercent: 0, slope: 1 },
            { abovePercent: 20, slope: 1 },
          ],
        },
      ],
    });
    await fc.assert(
      fc.asyncProperty(cloudShapes(4, 6), fc.constantFrom(0.05, 5), async (shape, weight) => {
        const request = {
          cloud: cloudOf(shape),
          inventoryDigest: someDigest,
          profile: zedProfile,
          goal: goalOf(weight),
          rules,
          cpuTable: noCpuTable,
          options: { ...someOptions, spareHosts: 0, drain: [hostId('h1')] },
        };
        const placed = placeDrained(startRun(request), 1);
        if (placed === undefined) return;

        const outcome = await planCloud(request, { backend, now: () => 0, plannerVersion: '0' });

        expect(outcome.kind).toBe('planned');
        if (outcome.kind !== 'planned') return;
        asked += 1;
        const { after } = outcome.plan.objective;
        expect(placed.bound).toBeLessThan(after + 1e-6);
        if (placed.bound > after - 1e-6) met += 1;
      }),
      { numRuns: 120, seed: 32 },
    );
    expect(asked).toBeGreaterThan(8);
    expect(met).toBeGreaterThan(0);
  });
});

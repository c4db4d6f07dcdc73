import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import type { Disruption } from '../../src/constraints/context.ts';
import type { HostId } from '../../src/model/ids.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { auditAll, worsened } from '../../src/plan/compare-violations.ts';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { isMigration, runSteps } from '../../src/plan/run-steps.ts';
import { createState } from '../../src/replay/state.ts';
import { canonicalJson } from '../../src/shared/canonical-json.ts';
import { createRng } from '../../src/shared/rng.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { afterPlan } from '../support/after-plan.ts';
import { aContext, hostId, shippedProfile, someConfig } from '../support/builders.ts';
import { balance, consolidate, drainGoal, plan } from '../support/planning.ts';
import { cloudOf, type CloudShape, cloudShapes } from '../support/random-cloud.ts';
import { runFreely } from '../support/run-freely.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const allow: readonly Disruption[] = ['nic-detach'];
const goals = fc.constantFrom<Goal>(consolidate, balance);
const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('a plan', () => {
  it('is legal at every request, with the cells it predicts, whatever the speed of its steps', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), goals, seeds, async (shape, goal, seed) => {
        const cloud = cloudOf(shape);
        const context = aContext(cloud, { allow });
        const outcome = await plan(cloud, goal, backend, { allow });
        if (outcome.kind !== 'planned') return;

        for (let k = 0; k < 5; k += 1)
          expect(
            runFreely(outcome.plan.steps, createState(context), context, rules, createRng(seed + k)),
          ).toEqual([]);
      }),
      { numRuns: 80, seed: 11 },
    );
  });

  it('leaves no violation that was not there, and none larger', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), goals, async (shape, goal) => {
        const cloud = cloudOf(shape);
        const context = aContext(cloud, { allow });
        const outcome = await plan(cloud, goal, backend, { allow });
        if (outcome.kind !== 'planned') return;
        const state = createState(context);
        const before = auditAll(state, rules);

        runSteps(outcome.plan.steps, state, context, () => true);

        expect(worsened(before, auditAll(state, rules))).toEqual([]);
        for (const host of outcome.plan.summary.hostsFreed) expect(state.claimsOn(host)).toEqual([]);
      }),
      { numRuns: 50, seed: 12 },
    );
  });

  it('has nothing left to do when planned again after it was optimal', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), goals, async (shape, goal) => {
        const cloud = cloudOf(shape);
        const context = aContext(cloud, { allow });
        const first = await plan(cloud, goal, backend, { allow, reEnable: true });
        if (first.kind !== 'planned' || first.plan.objective.outcome !== 'optimal') return;
        if (first.plan.summary.stopOvers > 0) return;
        const end = createState(context);
        runSteps(first.plan.steps, end, context, () => true);

        const again = await plan(afterPlan(context, end), goal, backend, { allow, reEnable: true });

        expect(again.kind).toBe('nothing-to-do');
      }),
      { numRuns: 40, seed: 13 },
    );
  });

  it('has the same bytes when made again', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), goals, async (shape, goal) => {
        const cloud = cloudOf(shape);

        const [one, two] = [
          await plan(cloud, goal, backend, { allow }),
          await plan(cloud, goal, backend, { allow }),
        ];

        expect(canonicalJson(one)).toBe(canonicalJson(two));
      }),
      { numRuns: 20, seed: 14 },
    );
  });

  it('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), goals, async (shape, goal) => {
        const outcome = await plan(cloudOf(shape), goal, backend, { allow });
        if (outcome.kind !== 'planned') return;

        expect(canonicalJson(parsePlan(printPlan(outcome.plan)))).toBe(canonicalJson(outcome.plan));
      }),
      { numRuns: 30, seed: 17 },
    );
  });
});

describe('a plan for a release that keeps cells and asks for empty hosts', () => {
  const config = { ...someConfig, workarounds: { value: ['enable_numa_live_migration'], known: true } };
  const profiles = fc.constantFrom('rhosp-13', 'rhosp-13-late', 'strict').map(shippedProfile);

  /** Hosts that are all alike, the servers on the first of them as far as it goes. */
  const twins = (shape: CloudShape): CloudShape => ({
    ...shape,
    hosts: shape.hosts.flatMap(() => shape.hosts.slice(0, 1)),
    servers: shape.servers.map((server) => ({
      ...server,
      home: 0,
      locked: false,
      stopped: false,
      vf: false,
    })),
    overfull: false,
  });

  it('is legal at every request, with the cells it predicts, whatever the speed of its steps', async () => {
    let covered = 0;
    await fc.assert(
      fc.asyncProperty(cloudShapes(5, 8), profiles, seeds, async (shape, profile, seed) => {
        const cloud = { ...cloudOf(twins(shape)), config };
        const context = aContext(cloud, { allow, profile });
        const outcome = await plan(cloud, drainGoal, backend, { allow, drain: [hostId('h1')] }, profile);
        if (outcome.kind !== 'planned') return;

        covered += outcome.plan.steps.filter(
          (step) => step.kind === 'live' && step.predicted.cells.length > 0,
        ).length;
        for (let k = 0; k < 3; k += 1)
          expect(
            runFreely(outcome.plan.steps, createState(context), context, rules, createRng(seed + k)),
          ).toEqual([]);
      }),
      { numRuns: 50, seed: 16 },
    );
    expect(covered).toBeGreaterThan(20);
  });
});

describe('a drain', () => {
  it('empties its host, or names servers on it that no host takes', async () => {
    await fc.assert(
      fc.asyncProperty(cloudShapes(), fc.nat(), async (shape, pick) => {
        const cloud = cloudOf(shape);
        const hosts = [...cloud.hosts.keys()];
        const host: HostId | undefined = hosts[pick % hosts.length];
        if (host === undefined) return;
        const context = aContext(cloud, { allow });

        const outcome = await plan(cloud, drainGoal, backend, { allow, drain: [host] });

        if (outcome.kind === 'planned') {
          const state = createState(context);
          runSteps(outcome.plan.steps, state, context, () => true);
          expect(state.claimsOn(host)).toEqual([]);
          expect(outcome.plan.steps.filter(isMigration).every((step) => step.to !== host)).toBe(true);
        } else if (outcome.kind === 'impossible') {
          expect(outcome.because).not.toBe('');
          for (const blocker of outcome.blockers) expect(cloud.servers.get(blocker.server)?.host).toBe(host);
        } else expect([...cloud.servers.values()].filter((server) => server.host === host)).toEqual([]);
      }),
      { numRuns: 100, seed: 15 },
    );
  });
});

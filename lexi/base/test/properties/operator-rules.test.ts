import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { waysOf } from '../../src/constraints/context.ts';
import { asksOfCloud } from '../../src/constraints/operator/asks.ts';
import { contradictions } from '../../src/constraints/operator/contradictions.ts';
import { operatorRules } from '../../src/constraints/operator/operator-rules.ts';
import { resolveRules } from '../../src/constraints/operator/resolve.ts';
import { ruleOf } from '../../src/constraints/operator/rule-of.ts';
import { rules } from '../../src/constraints/registry.ts';
import { currentAssignment } from '../../src/model/cloud.ts';
import type { HostId } from '../../src/model/ids.ts';
import type { Server } from '../../src/model/server.ts';
import { auditAll, worsened } from '../../src/plan/compare-violations.ts';
import { runSteps } from '../../src/plan/run-steps.ts';
import { isLegal } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import { createRng } from '../../src/shared/rng.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import { aContext, zedProfile } from '../support/builders.ts';
import { balance, consolidate, plan } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';
import { inRacks, ruleShapes, rulesOfShapes } from '../support/random-rules.ts';
import { runFreely } from '../support/run-freely.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const walks = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 });
const allow = ['cold'] as const;

describe("an operator's rules", () => {
  it('compile to primitives that hold in every end that judge and audit allow', () => {
    let reached = 0;
    let refused = 0;
    fc.assert(
      fc.property(cloudShapes(), ruleShapes(), walks, fc.boolean(), (shape, wishes, walk, gaps) => {
        const cloud = inRacks(cloudOf(shape), gaps);
        const context = aContext(cloud, { allow: ['cold'] });
        const own = operatorRules(rulesOfShapes(wishes), cloud).rules;
        const state = createState(context);
        const before = auditAll(state, own);
        const servers = [...cloud.servers.values()];
        const hosts = [...cloud.hosts.keys()];
        const at = new Map<Server, HostId>();
        for (const [s, h] of walk) {
          const server = servers[s % servers.length];
          const to = hosts[h % hosts.length];
          const [way] = server === undefined ? [] : waysOf(server, context);
          if (server?.host === undefined || to === undefined || way === undefined) continue;
          const from = at.get(server) ?? server.host;
          if (from === to || to === server.host) continue;
          const arrival = { server, from, to, ...way };
          if (!isLegal(arrival, state, own)) continue;
          state.apply({ kind: 'request', arrival });
          state.apply({ kind: 'complete', server: server.id });
          if (way.method === 'cold') state.apply({ kind: 'confirm', server: server.id });
          at.set(server, to);
        }
        if (worsened(before, auditAll(state, own)).length > 0) {
          refused += 1;
          return;
        }
        reached += at.size > 0 ? 1 : 0;

        const broken = checkPrimitives(
          {
            cloud,
            demands: context.demands,
            primitives: own.flatMap((rule) => rule.compile(context)),
            goal: consolidate,
            start: currentAssignment(cloud),
            volumeOf: (id) => ({ server: id, memoryMiB: 0, diskGiB: 0 }),
            mustEmpty: [],
            noGoods: [],
          },
          { assignment: state.assignment(), cells: new Map() },
        );

        expect(broken).toEqual([]);
      }),
      { numRuns: 600, seed: 21 },
    );
    expect(Math.min(reached, refused)).toBeGreaterThan(20);
  });

  it('hold in every plan, however its steps fall', async () => {
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(
        cloudShapes(),
        ruleShapes(),
        fc.constantFrom(consolidate, balance),
        fc.nat(),
        async (shape, wishes, goal, seed) => {
          const cloud = inRacks(cloudOf(shape));
          const document = rulesOfShapes(wishes);
          const context = aContext(cloud, { allow });
          const all = [...rules, ...operatorRules(document, cloud).rules];

          const outcome = await plan(cloud, goal, backend, { allow }, zedProfile, document);

          expect(['planned', 'nothing-to-do']).toContain(outcome.kind);
          if (outcome.kind !== 'planned') return;
          planned += 1;
          expect(outcome.plan.basedOn.rules).toEqual(document);
          const state = createState(context);
          const before = auditAll(state, all);
          runSteps(outcome.plan.steps, state, context, () => true);
          expect(worsened(before, auditAll(state, all))).toEqual([]);
          expect(runFreely(outcome.plan.steps, createState(context), context, all, createRng(seed))).toEqual(
            [],
          );
        },
      ),
      { numRuns: 60, seed: 22 },
    );
    expect(planned).toBeGreaterThan(10);
  });
});

describe('contradictions', () => {
  it('are those of rules that no assignment keeps', () => {
    let found = 0;
    fc.assert(
      fc.property(cloudShapes(3, 5), ruleShapes(3, 3, 5), (shape, wishes) => {
        const cloud = inRacks(cloudOf(shape));
        const resolved = resolveRules(rulesOfShapes(wishes), cloud).rules;

        for (const { asks } of contradictions(resolved, cloud)) {
          found += 1;
          const named = resolved.filter(({ index }) =>
            asks.some(({ of }) => of.rule !== undefined && of.index === index),
          );
          const byCloud = asks.some(({ of }) => of.rule === undefined);
          expect(named.length).toBeGreaterThan(0);
          const own = named.map(ruleOf);
          const checked = byCloud ? [...own, ...cloudRules] : own;
          expect(canBeKept(cloud, checked, byCloud), JSON.stringify(named)).toBe(false);
          // None of them is named in vain.
          if (!byCloud && own.length > 1)
            for (const rule of own)
              expect(
                contradictions(
                  named.filter((other) => `operator:${other.rule.name}` !== rule.id),
                  { ...cloud, groups: new Map() },
                ).filter(({ asks: left }) => left.every(({ of }) => of.rule !== undefined)),
              ).toEqual([]);
        }
      }),
      { numRuns: 400, seed: 23 },
    );
    expect(found).toBeGreaterThan(60);
  });

  it('of a cloud with itself are none', () => {
    fc.assert(
      fc.property(cloudShapes(3, 5), (shape) => {
        const cloud = cloudOf(shape);
        expect(contradictions([], cloud)).toEqual([]);
        expect(asksOfCloud(cloud).length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20, seed: 24 },
    );
  });
});

const cloudRules = rules.filter(({ id }) => id === 'requested-az' || id === 'anti-affinity');

/** Whether any assignment keeps the rules, or breaks those of the cloud no more than today; tries all. */
function canBeKept(
  cloud: ReturnType<typeof cloudOf>,
  checked: readonly (typeof rules)[number][],
  byCloud: boolean,
): boolean {
  const servers = [...cloud.servers.values()].filter(({ host }) => host !== undefined);
  const hosts = [...cloud.hosts.keys()];
  const before = byCloud ? auditAll(createState(aContext(cloud)), cloudRules) : [];
  const place = (index: number, placed: readonly Server[]): boolean => {
    const server = servers[index];
    if (server === undefined) {
      const moved = { ...cloud, servers: new Map(placed.map((item) => [item.id, item])) };
      const state = createState(aContext(moved));
      const broken = auditAll(state, checked);
      const own = broken.filter(({ rule }) => rule.startsWith('operator:'));
      const others = broken.filter(({ rule }) => !rule.startsWith('operator:'));
      return own.length === 0 && worsened(before, others).length === 0;
    }
    return hosts.some((host) => place(index + 1, [...placed, { ...server, host }]));
  };
  return place(0, []);
}

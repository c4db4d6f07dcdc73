import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { waysOf } from '../../src/constraints/context.ts';
import { rules } from '../../src/constraints/registry.ts';
import { surviveHostLoss } from '../../src/constraints/rules/survive-host-loss.ts';
import { type Cloud, currentAssignment } from '../../src/model/cloud.ts';
import { createObjective } from '../../src/objective/evaluate.ts';
import { migrationVolume } from '../../src/objective/volume.ts';
import { auditAll, worsened } from '../../src/plan/compare-violations.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { runSteps } from '../../src/plan/run-steps.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import { planId } from '../../src/plan/plan-id.ts';
import type { PlanningOptions } from '../../src/planning/planning-request.ts';
import { rulesOf } from '../../src/planning/rules-of.ts';
import { select } from '../../src/planning/selection.ts';
import { isLegal } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import { createRng, type Rng } from '../../src/shared/rng.ts';
import { startRun } from '../../src/planning/start-run.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { compileProblem } from '../../src/solve/compile/compile.ts';
import { createSearch } from '../../src/solve/search/heuristic.ts';
import { fromPortable, toPortable } from '../../src/solve/compile/portable.ts';
import { isFlat } from '../../src/solve/search/flat/flat-problem.ts';
import { aCloud, aContext, aHost, aServer, hostId, noCpuTable, zedProfile } from '../support/builders.ts';
import { generatedCloud } from '../support/generated-cloud.ts';
import { balance, consolidate, drainGoal, plan, someDigest, someOptions } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const survive = { allow: ['cold'], spareHosts: 0, surviveHostLoss: true } as const;

async function planned(cloud: Cloud, options: Partial<PlanningOptions>, goal = consolidate): Promise<Plan> {
  const outcome = await plan(cloud, goal, backend, options);
  if (!('plan' in outcome)) throw new Error(`no plan: ${outcome.because}`);
  return outcome.plan;
}

/** Losses that are not survived at the end of a plan: host and MiB. */
function lossesAfter({ steps }: Plan, cloud: Cloud): readonly string[] {
  const context = aContext(cloud, { allow: ['cold'] });
  const state = createState(context);
  runSteps(steps, state, context, () => true);
  return surviveHostLoss()
    .audit(state)
    .map(({ where, measured }) => `${where} ${measured}`);
}

/** Hosts of 16 VCPU with two servers of 4 on each. */
const half = (count: number): Cloud =>
  aCloud({
    hosts: Array.from({ length: count }, (_, h) => aHost(`h${h + 1}`)),
    servers: Array.from({ length: 2 * count }, (_, v) =>
      aServer(`s${v + 1}`, `h${(v % count) + 1}`, { vcpus: 4, memoryGiB: 1 }),
    ),
  });

describe('a plan that is to survive the loss of a host', () => {
  it('keeps as many hosts as that takes, and proves that no fewer do', async () => {
    const cloud = half(6);
    const [plain, safe] = [
      await planned(cloud, { allow: ['cold'], spareHosts: 0 }),
      await planned(cloud, survive),
    ];

    expect(plain.summary.hostsFreed).toHaveLength(3);
    expect(lossesAfter(plain, cloud)).not.toEqual([]);
    expect(safe.summary.hostsFreed).toHaveLength(2);
    expect(safe.objective.outcome).toBe('optimal');
    expect(lossesAfter(safe, cloud)).toEqual([]);
  });

  it('counts spare hosts that stay enabled, and all emptied ones where they are enabled again', async () => {
    const cloud = half(6);

    for (const options of [{ spareHosts: 1 }, { reEnable: true }]) {
      const found = await planned(cloud, { ...survive, ...options });
      expect(found.summary.hostsFreed).toHaveLength(3);
      expect(lossesAfter(found, cloud)).toEqual([]);
    }
  });

  it('drains the largest host where the others can lose one of themselves', async () => {
    const cloud = aCloud({
      hosts: [aHost('h1', { vcpu: 100 }), ...['h2', 'h3', 'h4'].map((name) => aHost(name, { vcpu: 50 }))],
      servers: Array.from({ length: 8 }, (_, v) =>
        aServer(`s${v + 1}`, `h${(v % 4) + 1}`, { vcpus: 10, memoryGiB: 1 }),
      ),
    });
    const found = await planned(cloud, { surviveHostLoss: true, drain: [hostId('h1')] }, drainGoal);

    expect(found.summary.moves).toBe(2);
    expect(lossesAfter(found, cloud)).toEqual([]);
  });

  it('is searched with room in mind, in workers too', () => {
    const { problem } = startRun({
      cloud: generatedCloud(10, 40, 1),
      inventoryDigest: someDigest,
      profile: zedProfile,
      goal: balance,
      rules,
      cpuTable: noCpuTable,
      options: { ...someOptions, ...survive },
    });
    const compiled = compileProblem(problem);
    const copy = fromPortable(structuredClone(toPortable(compiled)));
    const [here, there] = [compiled, copy].map((searched) => createSearch(searched, 1));
    for (let round = 0; round < 4; round += 1) for (const search of [here, there]) search?.round();

    expect(compiled.spareRoom).toBeDefined();
    expect(isFlat(compiled)).toBe(false);
    expect(there?.best).toBeDefined();
    expect(there?.best?.objective).toBe(here?.best?.objective);
  });

  it.each([
    [30, 130, 3, 12],
    [100, 380, 2, 42],
  ])('keeps room on a cloud of %i hosts and %i servers', async (hosts, servers, seed, freed) => {
    const cloud = generatedCloud(hosts, servers, seed);
    const found = await planned(cloud, { ...survive, effort: 24 });

    expect(lossesAfter(found, cloud)).toEqual([]);
    expect(found.summary.hostsFreed).toHaveLength(freed);
    expect(found.objective.gap).toBeLessThan(0.005);
    const plain = await planned(cloud, { allow: ['cold'], spareHosts: 0, effort: 24 });
    expect(plain.summary.hostsFreed).toHaveLength(freed + 1);
    expect(lossesAfter(plain, cloud)).not.toEqual([]);
  });

  it('keeps room under goals that empty no host', async () => {
    const cloud = half(4);
    expect(lossesAfter(await planned(cloud, survive, balance), cloud)).toEqual([]);
  });

  it('does not drain a host where the others could not lose one more', async () => {
    const outcome = await plan(half(3), drainGoal, backend, { ...survive, drain: [aHost('h1').id] });
    const again = await plan(half(4), drainGoal, backend, { ...survive, drain: [aHost('h1').id] });

    expect(outcome).toMatchObject({
      kind: 'impossible',
      clash: { rules: expect.arrayContaining([{ rule: 'survive-host-loss' }]) as unknown },
      waysOut: expect.arrayContaining([
        expect.objectContaining({ changes: [{ kind: 'lift', option: '--survive-host-loss', value: '' }] }),
      ]) as unknown,
    });
    expect(again.kind).toBe('planned');
  });

  it('makes no loss worse that is not survived today, says which, and goes on', async () => {
    const cloud = aCloud({
      hosts: [aHost('h1', { vcpu: 48 }), aHost('h2'), aHost('h3'), aHost('h4')],
      servers: [
        ...['a', 'b', 'x'].map((name) => aServer(name, 'h1', { vcpus: 14, locked: true })),
        ...['c', 'd', 'e'].map((name, i) => aServer(name, `h${i + 2}`, { vcpus: 3, memoryGiB: 1 })),
        aServer('paused', 'h2', { vcpus: 1, memoryGiB: 1, vmState: 'paused' }),
      ],
    });
    const before = surviveHostLoss().audit(createState(aContext(cloud)));
    const found = await planned(cloud, { ...survive, spareHosts: 2 });

    expect(before.map(({ where, measured }) => `${where} ${measured}`)).toEqual(['h1 12288']);
    expect(lossesAfter(found, cloud)).toEqual(['h1 4096']);
    expect(found.steps).not.toEqual([]);
    expect(
      found.warnings.filter(({ code }) => code === 'plan.survive-host-loss').map(({ text }) => text),
    ).toEqual([
      'today not all servers of 1 host (h1) find room when their host is lost; the plan makes none of this worse and leaves it so for 1 host (h1)',
      '1 server could not be evacuated from a lost host even if nobody else were in the cloud, and --survive-host-loss leaves them out: paused',
    ]);
  });

  it('gives up a host that the search would free, where Nova itself would not find the packing', async () => {
    const common = { pinnedCells: 0, hugePages: false, vf: false, stopped: false, bound: false, vcpus: 1 };
    const cloud = cloudOf({
      hosts: [1, 2, 3].map(() => ({ cells: 2, cores: 4, pages: 10, vfs: 0, zone: 'a' })),
      servers: [
        // On two cells of ten pages: 5 + 5 and 4 + 3 + 3; Nova spreads the fives, and the last finds no cell.
        ...[5, 5, 4, 3, 3].map((memoryGiB) => ({
          ...common,
          ...{ pinnedCells: 1, hugePages: true, memoryGiB, home: 0, locked: true },
        })),
        ...[1, 2].map((home) => ({ ...common, memoryGiB: 1, home, locked: false })),
      ],
      ...{ groups: [], overfull: false, together: false, hostKinds: [], serverKinds: [] },
    });
    const before = surviveHostLoss().audit(createState(aContext(cloud)));
    const outcome = await plan(cloud, consolidate, backend, survive);

    expect(before).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'nothing-to-do',
      because: 'the present assignment is kept',
      plan: { objective: { outcome: 'feasible' } },
    });
    expect((await plan(cloud, consolidate, backend, { ...survive, reEnable: true })).kind).toBe('planned');
  });

  it('is refused by the checker when its end leaves too little room', async () => {
    const cloud = half(6);
    const plain = await planned(cloud, { allow: ['cold'], spareHosts: 0 });
    const { basedOn } = plain;
    const claims = {
      ...plain,
      basedOn: { ...basedOn, options: { ...basedOn.options, surviveHostLoss: true as const } },
    };
    const check = (checked: Plan) =>
      verifyPlan({
        plan: checked,
        context: aContext(cloud, { allow: ['cold'] }),
        rules: rulesOf(select(cloud, someOptions), rules, checked.basedOn.options),
      });

    expect(check(plain).ok).toBe(true);
    const { ok, findings } = check({ ...claims, id: planId(claims) });
    expect(ok).toBe(false);
    expect(findings.filter(({ code }) => code === 'violation-worse').map(({ text }) => text)).toEqual(
      ['h4', 'h5', 'h6'].map((host) => expect.stringContaining(`if host ${host} is lost`) as unknown),
    );
    expect(check(await planned(cloud, survive)).findings).toEqual([]);
  });
});

describe('plans that are to survive the loss of a host, of random clouds', () => {
  it('leave no loss worse than today, and claim no bound above what can be had', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(cloudShapes(5, 8), fc.nat({ max: 1000 }), async (shape, seed) => {
        const cloud = cloudOf(shape);
        const outcome = await plan(cloud, consolidate, backend, { ...survive, effort: 24 });
        if (!('plan' in outcome)) throw new Error('staying is a plan');
        const context = aContext(cloud, { allow: ['cold'] });
        const before = surviveHostLoss().audit(createState(context));
        const state = createState(context);
        runSteps(outcome.plan.steps, state, context, () => true);
        expect(worsened(before, surviveHostLoss().audit(state))).toEqual([]);

        const { bound = -Infinity } = outcome.plan.objective;
        for (let k = 0; k < 10; k += 1) {
          const value = valueOfWalk(cloud, createRng(seed, k));
          if (value === undefined) continue;
          compared += 1;
          expect(value).toBeGreaterThanOrEqual(bound - 1e-6);
        }
      }),
      { numRuns: 40, seed: 5 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

/** What the goal says of where a random walk ends, with the hosts that it empties closed; undefined where that is worse. */
function valueOfWalk(cloud: Cloud, rng: Rng): number | undefined {
  const context = aContext(cloud, { allow: ['cold'] });
  const state = createState(context);
  const all = [...rules, surviveHostLoss()];
  const before = auditAll(state, all);
  const servers = rng.shuffle([...cloud.servers.values()]);
  const hosts = rng.shuffle([...cloud.hosts.keys()]);
  const moved = servers.filter((server) => {
    const from = server.host;
    if (from === undefined || rng.nextInt(3) === 0) return false;
    for (const to of hosts)
      for (const way of waysOf(server, context)) {
        const arrival = { server, from, to, ...way };
        if (to === from || !isLegal(arrival, state, rules)) continue;
        state.apply({ kind: 'request', arrival });
        state.apply({ kind: 'complete', server: server.id });
        if (way.method === 'cold') state.apply({ kind: 'confirm', server: server.id });
        return true;
      }
    return false;
  });
  const used = new Set(state.assignment().values());
  for (const host of new Set(currentAssignment(cloud).values()))
    if (!used.has(host)) state.apply({ kind: 'service', host, status: 'disabled' });
  if (worsened(before, auditAll(state, all)).length > 0) return undefined;
  const volumes = moved.map((server) => migrationVolume(server, 'block'));
  const objective = createObjective(consolidate, cloud, context.demands);
  return objective.evaluate(currentAssignment(cloud), state.assignment(), volumes).after;
}

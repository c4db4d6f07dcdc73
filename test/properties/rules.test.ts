import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RuleContext, waysOf } from '../../src/constraints/context.ts';
import type { Primitive } from '../../src/constraints/primitive.ts';
import { rules } from '../../src/constraints/registry.ts';
import { surviveHostLoss } from '../../src/constraints/rules/survive-host-loss.ts';
import type { Profile } from '../../src/model/profile.ts';
import { type Cloud, currentAssignment } from '../../src/model/cloud.ts';
import { isLegal } from '../../src/replay/legality.ts';
import { worsened } from '../../src/plan/compare-violations.ts';
import { createState, type State } from '../../src/replay/state.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import { aContext, shippedProfile, zedProfile } from '../support/builders.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

const walks = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 12 });
const journeys = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 5 })), { minLength: 1, maxLength: 12 });

/** Releases that differ in what they let travel, not in how cells are found. */
const variants = fc
  .record({
    vtpmLive: fc.constantFrom('refused' as const, 'host-secret-only' as const),
    vgpuLive: fc.constantFrom('refused' as const, 'allowed' as const),
    pmemLive: fc.constantFrom('refused' as const, 'allowed' as const),
    sriovPortLive: fc.constantFrom('refused' as const, 'detach' as const),
    isoConfigDriveLive: fc.constantFrom('refused' as const, 'copied' as const),
    sharesRefused: fc.boolean(),
    lateGroupCheck: fc.boolean(),
  })
  .map((switches): Profile => ({ ...zedProfile, switches: { ...zedProfile.switches, ...switches } }));
const shipped = fc
  .constantFrom('rhosp-13', 'rhosp-13-late', 'rhosp-16', 'latest', 'strict')
  .map((name) => shippedProfile(name));
const profiles = fc.oneof({ weight: 2, arbitrary: variants }, { weight: 1, arbitrary: shipped });
const allowances = fc.subarray(['cold', 'nic-detach', 'forced'] as const);

/** Old releases migrate NUMA guests live only so. */
const withNumaLive = (cloud: Cloud): Cloud => ({
  ...cloud,
  config: { ...cloud.config, workarounds: { value: ['enable_numa_live_migration'], known: true } },
});

describe('every rule', () => {
  it('compiles to primitives that hold in every state that its own judge lets a cloud reach', () => {
    fc.assert(
      fc.property(cloudShapes(), journeys, profiles, allowances, (shape, walk, profile, allow) => {
        const cloud = withNumaLive(cloudOf(shape));
        const context = aContext(cloud, { allow, profile });
        const primitives: readonly Primitive[] = rules.flatMap((rule) => rule.compile(context));
        const state = createState(context);

        goFor(walk, state, cloud);

        const problem = problemOf(cloud, context, primitives);
        expect(checkPrimitives(problem, { assignment: state.assignment(), cells: new Map() })).toEqual([]);
      }),
      { numRuns: 600, seed: 20260101 },
    );
  });
});

describe('room for the loss of a host', () => {
  it('compiles to what holds in every state that leaves no loss worse than today', () => {
    let survived = 0;
    fc.assert(
      fc.property(cloudShapes(), journeys, fc.boolean(), (shape, walk, roomy) => {
        const cloud = cloudOf({ ...shape, servers: roomy ? shape.servers.slice(0, 4) : shape.servers });
        const context = aContext(cloud, { allow: ['cold'] });
        const state = createState(context);
        const before = surviveHostLoss().audit(state);
        const rule = surviveHostLoss({
          broken: new Map(
            before.flatMap(({ host, measured }) => (host === undefined ? [] : [[host, measured]])),
          ),
          keptOpen: Infinity,
        });
        goFor(walk, state, cloud);
        if (worsened(before, rule.audit(state)).length > 0) return;
        if (before.length === 0) survived += 1;

        const answer = { assignment: state.assignment(), cells: new Map() };
        expect(checkPrimitives(problemOf(cloud, context, rule.compile(context)), answer)).toEqual([]);
      }),
      { numRuns: 300, seed: 20260102 },
    );
    expect(survived).toBeGreaterThan(30);
  });
});

/** Takes every step of a walk that the rules allow. */
function goFor(walk: readonly (readonly [number, number, number])[], state: State, cloud: Cloud): void {
  const servers = [...cloud.servers.values()];
  const hosts = [...cloud.hosts.keys()];
  for (const [s, h, w] of walk) {
    const server = servers[s % servers.length];
    const to = hosts[h % hosts.length];
    const from = server === undefined ? undefined : state.assignment().get(server.id);
    if (server === undefined || from === undefined || to === undefined || from === to) continue;
    const ways = waysOf(server, state.context);
    const way = ways[w % Math.max(1, ways.length)];
    if (way === undefined || to === server.host) continue;
    const arrival = { server, from, to, ...way };
    if (!isLegal(arrival, state, rules)) continue;
    state.apply({ kind: 'request', arrival });
    state.apply({ kind: 'complete', server: server.id });
    if (way.method === 'cold') state.apply({ kind: 'confirm', server: server.id });
  }
}

const problemOf = (
  cloud: Cloud,
  { demands }: RuleContext,
  primitives: readonly Primitive[],
): PlacementProblem => ({
  cloud,
  demands,
  primitives,
  goal: {
    name: 'any',
    description: '',
    terms: [],
    spareHosts: 0,
    headroomPercent: 0,
    disableEmptied: false,
  },
  start: currentAssignment(cloud),
  volumeOf: (id) => ({ server: id, memoryMiB: 0, diskGiB: 0 }),
  mustEmpty: [],
  noGoods: [],
});

describe('the random clouds', () => {
  it('have arrivals that each rule refuses, and forced ones that all accept', () => {
    const refusing = new Set<string>();
    let forced = 0;
    const samples = fc.sample(fc.tuple(cloudShapes(), profiles), { numRuns: 1500, seed: 20260101 });

    for (const [shape, profile] of samples) {
      const cloud = cloudOf(shape);
      const context = aContext(cloud, { allow: ['cold', 'forced'], profile });
      const state = createState(context);
      for (const server of cloud.servers.values())
        for (const to of cloud.hosts.keys())
          for (const way of waysOf(server, context)) {
            if (server.host === undefined) continue;
            const arrival = { server, from: server.host, to, ...way };
            const answers = rules.map((rule) => ({ rule: rule.id, kind: rule.judge(arrival, state).kind }));
            for (const { rule, kind } of answers) if (kind === 'no') refusing.add(rule);
            if (way.forced === true && isLegal(arrival, state, rules)) forced += 1;
          }
    }

    // A host out of service and one that is busy are in no such cloud, and nothing else is under way at first.
    const elsewhere = ['host-state', 'io-ops'];
    expect(rules.map(({ id }) => id).filter((id) => !refusing.has(id))).toEqual(elsewhere);
    expect(forced).toBeGreaterThan(100);
  });
});

describe('the state', () => {
  it('is what it was after every event is taken back', () => {
    fc.assert(
      fc.property(cloudShapes(), walks, (shape, walk) => {
        const cloud = cloudOf(shape);
        const context = aContext(cloud);
        const state = createState(context);
        const before = snapshot(state, cloud);
        const undos: (() => void)[] = [];
        const servers = [...cloud.servers.values()];
        const hosts = [...cloud.hosts.keys()];

        for (const [s, h, ends] of walk) {
          const server = servers[s % servers.length];
          const to = hosts[h % hosts.length];
          const home =
            server === undefined
              ? undefined
              : state.claimsOf(server.id).find((c) => c.role === 'resident')?.host;
          if (server === undefined || to === undefined || home === undefined || home === to) continue;
          if (state.claimsOf(server.id).length > 1) continue;
          undos.push(
            state.apply({
              kind: 'request',
              arrival: { server, from: home, to, method: 'live', storage: 'block' },
            }),
          );
          undos.push(state.apply({ kind: ends ? 'complete' : 'fail', server: server.id }));
        }
        for (const undo of undos.toReversed()) undo();

        expect(snapshot(state, cloud)).toEqual(before);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

function snapshot(state: ReturnType<typeof createState>, cloud: ReturnType<typeof cloudOf>): unknown {
  return [...cloud.hosts.values()].map((host) => ({
    claims: state
      .claimsOn(host.id)
      .map((claim) => `${claim.server} ${claim.role}`)
      .toSorted(),
    used: host.providers.flatMap((p) => [...p.inventories.keys()].map((r) => state.used(p.id, r))),
    cells: state.hostState(host.id)?.cells.map((cell) => ({
      free: [...cell.freeThreads],
      memory: cell.memoryUsedMiB,
      pages: [...cell.pagesUsed],
    })),
    pci: [...(state.hostState(host.id)?.pciFree ?? [])],
  }));
}

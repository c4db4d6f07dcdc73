import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Disruption, waysOf } from '../../src/constraints/context.ts';
import type { Primitive } from '../../src/constraints/primitive.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { HostId } from '../../src/model/ids.ts';
import type { Server } from '../../src/model/server.ts';
import { currentAssignment } from '../../src/model/cloud.ts';
import { isLegal } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import { aContext, shippedProfile, someConfig } from '../support/builders.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

const walks = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 12 });

/** Old releases migrate NUMA guests live only so. */
const numaLiveConfig = {
  ...someConfig,
  workarounds: { value: ['enable_numa_live_migration'], known: true },
};
const profiles = fc.constantFrom('zed', 'zed', 'rhosp-13', 'rhosp-13-late', 'rhosp-16', 'latest', 'strict');
const allowed = fc.constantFrom<readonly Disruption[]>(['cold', 'nic-detach'], ['nic-detach']);

describe('every rule', () => {
  it('compiles to primitives that hold in every state that its own judge lets a cloud reach', () => {
    fc.assert(
      fc.property(cloudShapes(), walks, profiles, allowed, (shape, walk, profile, allow) => {
        const cloud = { ...cloudOf(shape), config: numaLiveConfig };
        const context = aContext(cloud, { allow, profile: shippedProfile(profile) });
        const primitives: readonly Primitive[] = rules.flatMap((rule) => rule.compile(context));
        const state = createState(context);
        const servers = [...cloud.servers.values()];
        const hosts = [...cloud.hosts.keys()];
        const at = new Map<Server, HostId>();

        for (const [s, h, cold] of walk) {
          const server = servers[s % servers.length];
          const to = hosts[h % hosts.length];
          if (server?.host === undefined || to === undefined) continue;
          const from = at.get(server) ?? server.host;
          const ways = waysOf(server, context);
          const way = cold ? ways.at(-1) : ways[0];
          if (way === undefined || from === to || to === server.host) continue;
          const arrival = { server, from, to, ...way };
          if (!isLegal(arrival, state, rules)) continue;
          state.apply({ kind: 'request', arrival });
          state.apply({ kind: 'complete', server: server.id });
          if (way.method === 'cold') state.apply({ kind: 'confirm', server: server.id });
          at.set(server, to);
        }

        const problem: PlacementProblem = {
          cloud,
          demands: context.demands,
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
        };
        expect(checkPrimitives(problem, { assignment: state.assignment(), cells: new Map() })).toEqual([]);
      }),
      { numRuns: 600, seed: 20260101 },
    );
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

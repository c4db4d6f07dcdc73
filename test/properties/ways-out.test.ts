import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import { planCloud } from '../../src/planning/plan-cloud.ts';
import { changed } from '../../src/planning/why-not/change-request.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { hostId, noCpuTable, zedProfile } from '../support/builders.ts';
import { drainGoal, someDigest, someOptions } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const tools = { backend, now: () => 0, plannerVersion: '0' };

describe('what would let a host be drained', () => {
  it('does: each way out can be planned, and none of its changes could be left out', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        cloudShapes(3, 6),
        fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
        async (shape, maxMoves) => {
          const request = {
            cloud: cloudOf(shape),
            inventoryDigest: someDigest,
            profile: zedProfile,
            goal: drainGoal,
            rules,
            cpuTable: noCpuTable,
            options: {
              ...someOptions,
              spareHosts: 0,
              drain: [hostId('h1')],
              ...(maxMoves !== undefined && { maxMoves }),
            },
          };
          const outcome = await planCloud(request, tools);
          if (outcome.kind !== 'impossible') return;

          for (const { changes } of outcome.waysOut) {
            expect((await planCloud(changed(request, changes), tools)).kind).toBe('planned');
            for (const { kind } of changes) kinds.add(kind);
            if (changes.length < 2) continue;
            for (const change of changes) {
              const rest = changes.filter((other) => other !== change);
              expect((await planCloud(changed(request, rest), tools)).kind).not.toBe('planned');
            }
          }
        },
      ),
      { numRuns: 40, seed: 41 },
    );
    expect([...kinds].toSorted()).toEqual(expect.arrayContaining(['lift', 'stop', 'unlock']));
  });
});

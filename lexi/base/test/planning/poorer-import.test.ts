import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { createContext } from '../../src/constraints/create-context.ts';
import { rules } from '../../src/constraints/registry.ts';
import { importBundle } from '../../src/inventory/bundle.ts';
import type { Inventory } from '../../src/inventory/document.ts';
import { inventoryDigest } from '../../src/inventory/print.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import { planCloud } from '../../src/planning/plan-cloud.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { zedProfile as zed } from '../support/builders.ts';
import { someOptions } from '../support/planning.ts';

const folder = mkdtempSync(join(tmpdir(), 'planner-'));
const fromHosts = mkdtempSync(join(tmpdir(), 'planner-'));
const backend = createBackend('highs');
afterAll(async () => {
  rmSync(folder, { recursive: true });
  rmSync(fromHosts, { recursive: true });
  await backend.close();
});
cpSync('fixtures/zed-12hosts/api', join(folder, 'api'), { recursive: true });
for (const part of ['cli', 'host-facts']) {
  cpSync(join('fixtures/zed-12hosts-more', part), join(fromHosts, part), { recursive: true });
}

describe('a plan from the API alone', () => {
  it.each(['consolidate', 'balance'])(
    'for %s is legal on the cloud as API and database tell it',
    async (name) => {
      const { check, plan } = await planAndCheck(folder, name);

      expect(check.findings).toEqual([]);
      expect(plan.assumptions.map(({ text }) => text)).toContainEqual(
        expect.stringContaining('the PCI requests of some servers are not known'),
      );
      expect(plan.assumptions.map(({ text }) => text)).toContainEqual(
        expect.stringContaining('servers with a NUMA topology stay'),
      );
      if (name === 'balance') {
        expect(plan.steps.length).toBeGreaterThan(0);
        expect(plan.assumptions.map(({ text }) => text)).toContainEqual(
          expect.stringContaining('they are taken to have no SR-IOV port'),
        );
      }
    },
  );
});

describe('a plan from the command line and the hosts', () => {
  it.each(['consolidate', 'balance'])(
    'for %s is legal on the cloud as API and database tell it',
    async (name) => {
      const { check, plan, own } = await planAndCheck(fromHosts, name);

      expect(own.findings).toEqual([]);
      expect(check.findings).toEqual([]);
      if (name === 'balance') expect(plan.steps.length).toBeGreaterThan(0);
    },
  );
});

/** A plan for the cloud as a recording tells it, checked on that cloud and on the one of API and database. */
async function planAndCheck(from: string, goalName: string) {
  const catalog = await loadCatalog();
  const goal = catalog.goals.get(goalName);
  if (goal === undefined) throw new Error(`no goal ${goalName}`);
  const poor = importBundle(from).inventory;
  const rich = importBundle('fixtures/zed-12hosts').inventory;
  const outcome = await planCloud(
    {
      cloud: toCloud(poor),
      inventoryDigest: inventoryDigest(poor),
      profile: zed,
      goal,
      rules,
      cpuTable: catalog.cpuTable,
      options: { ...someOptions, allow: ['cold'] },
    },
    { backend, now: () => 0, plannerVersion: '0.0.0' },
  );
  if (outcome.kind !== 'planned' && outcome.kind !== 'nothing-to-do') throw new Error(outcome.because);
  const { plan } = outcome;
  const checkOn = (inventory: Inventory) =>
    verifyPlan({
      plan,
      context: createContext(toCloud(inventory), zed, catalog.cpuTable, {
        allow: ['cold'],
        unknown: 'assume',
      }),
      rules,
      inventoryDigest: inventoryDigest(inventory),
    });
  return { plan, own: checkOn(poor), check: checkOn(rich) };
}

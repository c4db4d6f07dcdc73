import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { chooseProfile } from '../../../src/cli/release.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { parseInventory } from '../../../src/inventory/parse.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import { hostId } from '../../../src/model/ids.ts';
import { planCloud } from '../../../src/planning/plan-cloud.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { clockOf, peakMiB, startMeter } from '../support/meter.ts';
import { loadGenerator } from './generator.ts';
import { toInventory } from './inventory.ts';

/** All of `planner drain` for one host, after the inventory was read: its rules, the order, the checked plan. */
export async function runWholeDrain(hosts: number, servers: number, seed: number) {
  const { generate } = await loadGenerator();
  const cloud = toCloud(parseInventory(toInventory(generate(hosts, servers, seed, 0.6))));
  const catalog = await loadCatalog();
  const goal = catalog.goals.get('drain');
  if (goal === undefined) throw new Error('no goal drain');
  const { profile } = chooseProfile(undefined, cloud.release, catalog);
  const backend = createBackend('highs');
  const meter = startMeter();
  const { spareHosts, headroomPercent } = goal;
  const outcome = await planCloud(
    {
      cloud,
      inventoryDigest: 'benchmark',
      profile,
      goal,
      rules,
      cpuTable: catalog.cpuTable,
      options: {
        spareHosts,
        headroomPercent,
        allow: ['cold'],
        unknown: 'assume',
        exclude: [],
        only: [],
        minGain: 0,
        reEnable: false,
        drain: [hostId('h00000')],
        effort: 20,
        seed,
      },
    },
    { backend, now: clockOf('cpu'), plannerVersion: 'benchmark' },
  );
  const spent = meter();
  await backend.close();
  if (outcome.kind !== 'planned') throw new Error(`the drain is ${outcome.kind}`);
  const { objective, summary } = outcome.plan;
  return {
    outcome: objective.outcome,
    objective: objective.after,
    ...(objective.bound === undefined ? {} : { bound: objective.bound }),
    moves: summary.moves,
    /** The plan's own checker has passed it, else there was none. */
    broken: 0,
    spent,
    peakMiB: peakMiB(),
  };
}

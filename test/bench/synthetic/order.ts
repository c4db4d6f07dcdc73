import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { chooseProfile } from '../../../src/cli/release.ts';
import { createContext } from '../../../src/constraints/create-context.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { parseInventory } from '../../../src/inventory/parse.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import { type HostId, hostId, serverId } from '../../../src/model/ids.ts';
import { createState } from '../../../src/replay/state.ts';
import { orderMigrations } from '../../../src/schedule/order.ts';
import { at } from '../../../src/shared/at.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { execute } from '../../schedule/support.ts';
import { peakMiB, startMeter } from '../support/meter.ts';
import { runDrain } from './drain.ts';
import { type Instance, loadGenerator } from './generator.ts';
import { hostName, serverUuid, toInventory } from './inventory.ts';
import { runSynthetic } from './run.ts';

/** Orders and times a consolidation. What it comes to is solved for before: that is not counted here. */
export async function orderConsolidation(hosts: number, servers: number, seed: number) {
  const { generate } = await loadGenerator();
  const load = 0.6;
  const { places } = await runSynthetic({
    hosts,
    servers,
    seed,
    goal: 'a',
    load,
    timeSeconds: 60,
    clock: 'cpu',
  });
  const instance = generate(hosts, servers, seed, load);
  const to = Array.from(places, (place) => place >> 1);
  const emptied = new Set(Array.from({ length: hosts }, (_, host) => host));
  for (const host of to) emptied.delete(host);
  return orderTo(instance, to, emptied);
}

/** Orders and times the drain of the first server's host, which was solved for before. */
export async function orderDrain(hosts: number, servers: number, seed: number) {
  const { places } = await runDrain(hosts, servers, seed);
  const instance = (await loadGenerator()).generate(hosts, servers, seed, 0.6);
  const drained = at(instance.loc0, 0) >> 1;
  return orderTo(
    instance,
    Array.from(places, (place) => place >> 1),
    new Set([drained]),
  );
}

async function orderTo(instance: Instance, to: readonly number[], emptied: ReadonlySet<number>) {
  const cloud = toCloud(parseInventory(toInventory(instance)));
  const catalog = await loadCatalog();
  const { profile } = chooseProfile(undefined, cloud.release, catalog);
  const context = createContext(cloud, profile, catalog.cpuTable, { allow: ['cold'], unknown: 'assume' });
  const start = createState(context);
  const closed = new Set<HostId>([...emptied].map((host) => hostId(hostName(host))));
  for (const host of closed) start.apply({ kind: 'service', host, status: 'disabled' });
  const target = new Map(to.map((host, v) => [serverId(serverUuid(v)), hostId(hostName(host))]));
  const meter = startMeter();
  const outcome = orderMigrations({ context, rules, start, target, closed, options: { effort: 200_000 } });
  const spent = meter();
  if (outcome.kind !== 'ordered') throw new Error(`the order is ${JSON.stringify(outcome).slice(0, 2000)}`);
  const rng = createRng(1);
  const broken = execute(outcome.steps, context, target, (count) => rng.nextInt(count));
  const migrations = outcome.steps.filter((step) => step.kind === 'migrate');
  return {
    outcome: outcome.timing.outcome,
    objective: outcome.timing.makespanSeconds,
    bound: outcome.timing.boundSeconds,
    sumOfEnds: outcome.timing.sumOfEndSeconds,
    moves: migrations.length,
    stopOvers: migrations.filter((step) => step.stopOver).length,
    broken: broken.length,
    spent,
    peakMiB: peakMiB(),
  };
}

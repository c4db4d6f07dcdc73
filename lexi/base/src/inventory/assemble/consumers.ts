import { providerId, type ServerId } from '../../model/ids.ts';
import type { Allocation, OtherConsumer } from '../../model/placement.ts';
import { compareText } from '../../shared/collections.ts';
import type { Contradiction } from '../document/cloud-records.ts';
import type { Told } from '../combine/lists.ts';
import type { AllocationFacts, MigrationFacts, Source } from '../facts.ts';
import { present } from '../present.ts';

/** Whoever holds something in Placement and is no server of the inventory; a migration's consumer is its record's uuid. */
export function otherConsumers(
  { source, value: facts }: Told<AllocationFacts>,
  servers: ReadonlyMap<ServerId, unknown>,
  migrations: readonly MigrationFacts[],
  contradictions: Contradiction[],
): OtherConsumer[] {
  const ids = new Set<string>(servers.keys());
  const records = new Set(migrations.map(({ uuid }) => uuid));
  const consumers = [...facts.byConsumer]
    .filter(([id, allocations]) => !ids.has(id) && allocations.length > 0)
    .map(([id, allocations]): OtherConsumer =>
      present({ id, allocations, migration: records.has(id) ? id : undefined }),
    );
  return [...consumers, ...unknownUsage(facts, source, contradictions)].sort((a, b) =>
    compareText(a.id, b.id),
  );
}

/** What Placement's own sums hold beyond the allocations that were read: it counts, whoever it is. */
function unknownUsage(
  facts: AllocationFacts,
  source: Source,
  contradictions: Contradiction[],
): OtherConsumer[] {
  const sums = sumByProvider(facts);
  return [...facts.usages].flatMap(([provider, usages]): OtherConsumer[] => {
    const differences = Object.entries(usages)
      .map(([name, used]) => [name, used - (sums.get(provider)?.get(name) ?? 0)] as const)
      .filter(([, amount]) => amount !== 0);
    if (facts.complete) {
      for (const [name, amount] of differences) {
        const said = { source, used: usages[name] ?? 0, difference: amount };
        contradictions.push(usageDiffers(provider, name, said));
      }
    }
    const more = differences.filter(([, amount]) => amount > 0);
    if (more.length === 0) return [];
    const allocation: Allocation = { provider: providerId(provider), resources: Object.fromEntries(more) };
    return [{ id: `unknown:${provider}`, allocations: [allocation] }];
  });
}

function sumByProvider({ byConsumer }: AllocationFacts): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const sums = new Map<string, Map<string, number>>();
  for (const { provider, resources } of [...byConsumer.values()].flat()) {
    const sum = sums.get(provider) ?? new Map<string, number>();
    sums.set(provider, sum);
    for (const [name, amount] of Object.entries(resources)) sum.set(name, (sum.get(name) ?? 0) + amount);
  }
  return sums;
}

const usageDiffers = (
  provider: string,
  name: string,
  {
    difference,
    source,
    used,
  }: { readonly source: Source; readonly used: number; readonly difference: number },
): Contradiction => ({
  subject: `resource provider ${provider}`,
  field: `usage of ${name}`,
  values: [
    { source, value: `usages ${used}` },
    { source, value: `sum of allocations ${used - difference}` },
  ],
});

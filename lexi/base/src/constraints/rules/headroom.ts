import { capacityUnits } from '../../nova/placement-capacity.ts';
import type { Host } from '../../model/host.ts';
import { capacityParts } from '../capacity-parts.ts';
import type { Capacity } from '../primitive.ts';
import { type Rule, type Violation, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

const kept = ['VCPU', 'PCPU', 'MEMORY_MB'] as const;

/**
 * At the end of a plan every host keeps a share of its capacity free, unless it had less before.
 *
 *     for r in VCPU, PCPU, MEMORY_MB:  used(h, r) ≤ floor(capacity(h, r) × (100 − percent) / 100)
 *
 * A wish of the operator, not of Nova: it holds in the end state only, so that migrations may pass through.
 */
export function headroom(percent: number): Rule {
  const lowered = (capacity: number): number => Math.floor((capacity * (100 - percent)) / 100);
  return {
    id: 'headroom',
    scope: 'host',
    holds: 'end',
    judge: () => yes,

    audit: (state) =>
      percent === 0
        ? []
        : [...state.context.cloud.hosts.values()].flatMap((host) => auditHost(host, state, lowered)),

    compile: (context) =>
      percent === 0
        ? []
        : kept.flatMap((resource) =>
            capacityParts(context, resource).map(({ kind, limits, demand, held }): Capacity => ({
              kind: 'capacity',
              rule: 'headroom',
              resource: `${resource} (headroom${kind === 'legacy' ? ', legacy' : ''})`,
              unit: resource,
              bothEnds: false,
              limits: new Map(
                [...limits].map(([id, limit]) => {
                  const all = capacityOf(context.cloud.hosts.get(id), resource);
                  return [id, Math.max(0, limit - (all - lowered(all)))] as const;
                }),
              ),
              demand,
              held,
            })),
          ),

    describe: ({ where, measured, limit, unit }) =>
      `host ${where} uses ${measured} ${unit}; the headroom asked for leaves ${limit}`,
  };
}

function auditHost(
  host: Host,
  state: StateView,
  lowered: (capacity: number) => number,
): readonly Violation[] {
  return kept.flatMap((resource) => {
    const limit = lowered(capacityOf(host, resource));
    const measured = host.providers
      .filter((provider) => provider.inventories.has(resource))
      .reduce((sum, provider) => sum + state.used(provider.id, resource), 0);
    if (measured <= limit) return [];
    const where = host.id;
    const key = `${where} ${resource}`;
    // No server in particular: others may take part at the end as long as they use no more.
    return [{ rule: 'headroom', host: where, servers: [], measured, limit, unit: resource, where, key }];
  });
}

function capacityOf(host: Host | undefined, resource: string): number {
  let capacity = 0;
  for (const provider of host?.providers ?? []) {
    const inventory = provider.inventories.get(resource);
    if (inventory !== undefined) capacity += capacityUnits(inventory);
  }
  return capacity;
}

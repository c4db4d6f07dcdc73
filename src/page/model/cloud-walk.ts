import type { PageCloud, PageStep } from '../../report/page/page-data.ts';

/** The cloud at one position of the slider: 0 is before the plan, `events.length` after it. */
export interface CloudWalk {
  readonly length: number;
  position(): number;
  used(meter: number): number;
  /** Difference to the state before the plan. */
  gained(meter: number): number;
  /** Servers that run on a host: one that migrates counts on the host that it leaves until its step has ended. */
  servers(host: number): number;
  /** Goes to a position and says which meters and hosts may show something else now. */
  moveTo(position: number): { readonly meters: ReadonlySet<number>; readonly hosts: ReadonlySet<number> };
}

const moving: ReadonlySet<PageStep['kind']> = new Set(['live', 'cold', 'evacuate']);

export function walkCloud(cloud: PageCloud, steps: readonly PageStep[]): CloudWalk {
  const used = Float64Array.from(cloud.used);
  const servers = Int32Array.from(cloud.hosts, (host) => host.servers.length);
  let position = 0;

  const apply = (index: number, sign: 1 | -1, meters: Set<number>, hosts: Set<number>) => {
    const event = cloud.events[index];
    if (event === undefined) return;
    for (let i = 0; i + 1 < event.changes.length; i += 2) {
      const meter = event.changes[i] ?? 0;
      used[meter] = (used[meter] ?? 0) + sign * (event.changes[i + 1] ?? 0);
      meters.add(meter);
    }
    for (const [host, by] of serverChanges(steps[event.step], event.what)) {
      servers[host] = (servers[host] ?? 0) + sign * by;
      hosts.add(host);
    }
  };

  return {
    length: cloud.events.length,
    position: () => position,
    used: (meter) => used[meter] ?? 0,
    gained: (meter) => (used[meter] ?? 0) - (cloud.used[meter] ?? 0),
    servers: (host) => servers[host] ?? 0,
    moveTo(wanted) {
      const goal = Math.max(0, Math.min(cloud.events.length, Math.round(wanted)));
      const meters = new Set<number>();
      const hosts = new Set<number>();
      while (position < goal) apply(position++, 1, meters, hosts);
      while (position > goal) apply(--position, -1, meters, hosts);
      return { meters, hosts };
    },
  };
}

function serverChanges(
  step: PageStep | undefined,
  what: 'requested' | 'ended',
): readonly (readonly [host: number, by: number])[] {
  if (step === undefined || what !== 'ended' || !moving.has(step.kind)) return [];
  const gone: readonly [number, number][] = step.from === undefined ? [] : [[step.from, -1]];
  return step.to === undefined ? gone : [...gone, [step.to, 1]];
}

import type { RuleContext } from '../../constraints/context.ts';
import type { HostId } from '../../model/ids.ts';
import type { State } from '../../replay/state.ts';
import { groupBy } from '../../shared/collections.ts';
import { type Gauge, gaugesOf } from './gauges.ts';
import type { History, HistoryEvent, HostMeters } from './history.ts';

/** The meters of a cloud, as a state has them when they are read. */
export interface Board extends Pick<History, 'resources' | 'hosts' | 'used' | 'total'> {
  /** Reads these hosts again: what has changed since they were read last. */
  readonly changes: (hosts: Iterable<HostId>) => HistoryEvent['changes'];
}

/** Reads every host of the cloud once. */
export function createBoard({ cloud }: RuleContext, state: State): Board {
  const resources = new Map<string, { readonly name: string; readonly unit: string; readonly at: number }>();
  const gauges: Gauge[] = [];
  const firsts = new Map<HostId, { readonly first: number; readonly count: number }>();
  const resourceOf = ({ resource: name, unit }: Gauge): number => {
    const known = resources.get(name) ?? { name, unit, at: resources.size };
    resources.set(name, known);
    return known.at;
  };
  const hosts = [...cloud.hosts.values()].map((host): HostMeters => {
    const own = gaugesOf(host, state).map((gauge, index) => ({
      gauge,
      resource: resourceOf(gauge),
      meter: gauges.length + index,
    }));
    firsts.set(host.id, { first: gauges.length, count: own.length });
    for (const { gauge } of own) gauges.push(gauge);
    const cells = [...groupBy(own, ({ gauge }) => gauge.cell)].map(([id, entries]) => ({
      ...(id !== undefined && { id }),
      meters: entries.map(({ resource, meter }) => ({ resource, meter })),
    }));
    return { host: host.id, cells };
  });
  const now = gauges.map(({ used }) => used());
  return {
    resources: [...resources.values()].map(({ name, unit }) => ({ name, unit })),
    hosts,
    used: [...now],
    total: gauges.map(({ total }) => total),
    changes: (read) =>
      [...read].flatMap((host) => {
        const { first, count } = firsts.get(host) ?? { first: 0, count: 0 };
        return gauges.slice(first, first + count).flatMap(({ used }, index) => {
          const [meter, after] = [first + index, used()];
          const by = after - (now[meter] ?? 0);
          now[meter] = after;
          return by === 0 ? [] : [{ meter, by }];
        });
      }),
  };
}

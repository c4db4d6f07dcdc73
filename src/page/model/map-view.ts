import type { PageData } from '../../report/page/page-data.ts';

/** What the map shows. */
export interface MapChoice {
  /** Index of the resource; −1 for all. */
  readonly resource: number;
  /** Part of a host's name. */
  readonly name: string;
  readonly onlyChanging: boolean;
}

export interface MapView {
  readonly shown: number;
  /** Zones by name, those without one last; hosts in the order of the data. */
  readonly zones: readonly { readonly zone: string; readonly hosts: readonly number[] }[];
}

export function createMapView(data: PageData, { name, onlyChanging }: MapChoice): MapView {
  const wanted = name.trim().toLowerCase();
  const changing = onlyChanging ? changingHosts(data) : undefined;
  const zones = new Map<string, number[]>();
  let shown = 0;
  for (const [i, host] of data.hosts.entries()) {
    if (wanted !== '' && !host.name.toLowerCase().includes(wanted)) continue;
    if (changing?.has(i) === false) continue;
    const zone = host.zone ?? '';
    const list = zones.get(zone);
    if (list === undefined) zones.set(zone, [i]);
    else list.push(i);
    shown++;
  }
  const sorted = [...zones].sort(([one], [other]) =>
    other === '' ? -1 : one === '' ? 1 : one < other ? -1 : 1,
  );
  return { shown, zones: sorted.map(([zone, hosts]) => ({ zone, hosts })) };
}

/** Hosts that a step leaves, reaches or serves. */
function changingHosts(data: PageData): ReadonlySet<number> {
  return new Set(data.steps.flatMap(({ from, to }) => [from, to]).filter((host) => host !== undefined));
}

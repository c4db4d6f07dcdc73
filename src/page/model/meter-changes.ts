import type { PageCloud } from '../../report/page/page-data.ts';

/** What the whole plan adds to each of some meters. */
export function meterChanges(cloud: PageCloud, meters: ReadonlySet<number>): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { changes } of cloud.events)
    for (let i = 0; i + 1 < changes.length; i += 2) {
      const meter = changes[i] ?? -1;
      if (meters.has(meter)) sums.set(meter, (sums.get(meter) ?? 0) + (changes[i + 1] ?? 0));
    }
  return sums;
}

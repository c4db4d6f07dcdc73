import type { Page } from 'playwright-core';
import type { PageCloud } from '../../../src/report/page/page-data.ts';

/** Numbers of all meters on the map, as they stand there: meter, then `used / all` without spaces. */
export async function shownMeters(page: Page): Promise<ReadonlyMap<number, string>> {
  const found = await page
    .locator('#map .meter')
    .evaluateAll((meters) =>
      meters.map((meter) => [
        Number(meter.getAttribute('data-meter')),
        (meter.querySelector('.numbers')?.textContent ?? '').replaceAll(/\s/g, ''),
      ]),
    );
  return new Map(found.map(([meter, words]) => [Number(meter), String(words)]));
}

/** What each meter uses after the first `events` events, added up anew from the data. */
export function usedAfter(cloud: PageCloud, events: number): readonly number[] {
  const used = [...cloud.used];
  for (const { changes } of cloud.events.slice(0, events))
    for (let i = 0; i < changes.length; i += 2)
      used[changes[i] ?? 0] = (used[changes[i] ?? 0] ?? 0) + (changes[i + 1] ?? 0);
  return used;
}

/** What the map should show: MiB are shown as GiB, to a tenth below 100. */
export function expectedMeters(cloud: PageCloud, events: number): ReadonlyMap<number, string> {
  const used = usedAfter(cloud, events);
  const expected = new Map<number, string>();
  for (const { cells } of cloud.hosts)
    for (const { meters } of cells)
      for (let i = 0; i < meters.length; i += 2) {
        const [resource, meter] = [meters[i] ?? 0, meters[i + 1] ?? 0];
        const words = (value: number) => numberWords(value, cloud.resources[resource]?.unit);
        expected.set(meter, `${words(used[meter] ?? 0)}/${words(cloud.total[meter] ?? 0)}`);
      }
  return expected;
}

function numberWords(value: number, unit: string | undefined): string {
  if (unit !== 'MiB') return value.toLocaleString('en-US');
  const gib = value / 1024;
  return String(gib >= 100 ? Math.round(gib) : Math.round(gib * 10) / 10);
}

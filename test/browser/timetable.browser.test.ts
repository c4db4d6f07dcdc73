import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf, openPage } from './support/open-page.ts';

/** Pixels of the chart to the left and to the right of its axis of time. */
const [left, right] = [64, 16];

/** How far from the chart's left side the mark stands, or undefined where it is not to be seen. */
async function markAt(page: Page): Promise<number | undefined> {
  const [mark, chart] = [page.locator('.time-mark'), page.locator('.time-chart')];
  if (!(await mark.isVisible())) return undefined;
  const [at, whole] = [await mark.boundingBox(), await chart.boundingBox()];
  return at === null || whole === null ? undefined : at.x + at.width / 2 - whole.x;
}

it('marks the time at which the slider of the map stands', async () => {
  const { cloud, timetable } = dataOf('recorded');
  const page = await openPage('recorded');
  const width = (await page.locator('.time-chart').boundingBox())?.width ?? 0;
  await page.locator('.time-mark').waitFor();
  expect(await markAt(page)).toBeCloseTo(left, 0);

  for (const at of [7, cloud?.events.length ?? 0, 3]) {
    await page.getByRole('slider', { name: 'Event' }).fill(String(at));
    const share = (cloud?.events[at - 1]?.atSeconds ?? 0) / timetable.makespanSeconds;
    expect(Math.abs(((await markAt(page)) ?? 0) - (left + share * (width - left - right)))).toBeLessThan(1.5);
  }
});

it('keeps the mark at its time when the chart is zoomed or of another width', async () => {
  const page = await openPage('recorded');
  await page.locator('.time-mark').waitFor();
  await page.getByRole('slider', { name: 'Event' }).fill('7');
  const before = (await markAt(page)) ?? 0;

  await page.locator('.time-chart canvas').hover({ position: { x: left + 2, y: 60 } });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await expect.poll(() => markAt(page), { timeout: 30_000 }).toBeGreaterThan(before + 5);
  const zoomedOn = async () => {
    await page.mouse.wheel(0, -200);
    return markAt(page);
  };
  await expect.poll(zoomedOn, { timeout: 30_000 }).toBeUndefined();
  await page.keyboard.up('Control');

  const other = await openPage('recorded');
  await other.getByRole('button', { name: 'Last' }).click();
  await other.setViewportSize({ width: 700, height: 900 });
  await expect.poll(async () => (await markAt(other)) ?? 0, { timeout: 30_000 }).toBeLessThan(700 - right);
});

it('has no mark where there is no map, nor on paper', async () => {
  const page = await openPage('without-cloud');
  await page.locator('.time-chart canvas').waitFor();
  expect(await markAt(page)).toBeUndefined();

  const printed = await openPage('recorded');
  await printed.locator('.time-mark').waitFor();
  await printed.emulateMedia({ media: 'print' });
  await expect.poll(() => markAt(printed), { timeout: 30_000 }).toBeUndefined();
});

it('says of links what they carry at most, and draws it only where the cloud tells it', async () => {
  const height = async (page: Page) => (await page.getByRole('img', { name: 'Chart' }).boundingBox())?.height;
  const [with_, without] = [await openPage('recorded'), await openPage('without-cloud')];

  expect(((await height(with_)) ?? 0) - ((await height(without)) ?? 0)).toBe(154);
  expect(await without.locator('#timetable').textContent()).toContain('carries at most');
});

it('says how many steps are under way at once', async () => {
  const page = await openPage('hostile');

  expect(await page.getByRole('img', { name: 'Chart' }).getAttribute('aria-label')).toBe(
    'Chart: 12 steps over 2 min, at most 8 at once. The table of steps has the same.',
  );
});

it('shades what windows shut and freezes leave alone, and says both in words', async () => {
  const { timetable } = dataOf('calendar');
  const page = await openPage('calendar');
  const words = await page.locator('#timetable').textContent();

  expect(timetable.shut).toEqual([[420, 1500]]);
  expect(words).toContain('Shut: 0:07:00 to 0:25:00.');
  expect(words?.replaceAll(/[\u2068\u2069]/g, '')).toContain('Frozen: host:kvm-b02 0:00:00 to 0:02:00.');
  expect(words).toContain('The plan starts at 2026-11-20 23:55:00 UTC.');

  await page.locator('.time-chart canvas').waitFor();
  // A line of pixels above the bars, one colour a second.
  const colours = await page.locator('.time-chart canvas').evaluate((canvas, seconds) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('this is no canvas');
    const scale = canvas.width / canvas.clientWidth;
    const width = (canvas.clientWidth - 80) * scale;
    const line = canvas.getContext('2d')?.getImageData(64 * scale, 9 * scale, width, 1).data ?? [];
    return Array.from({ length: seconds }, (_, second) => {
      const at = 4 * Math.floor(((second + 0.5) / seconds) * width);
      return [...line.slice(at, at + 3)].map((part) => part.toString(16)).join('');
    });
  }, timetable.makespanSeconds);
  expect([colours[60], colours[300], colours[900]]).toEqual(['f1edfa', 'ffffff', 'e9ebee']);
});

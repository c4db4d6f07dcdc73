import { expect, it } from 'vitest';
import { openPage } from './support/open-page.ts';
import { hostileNames } from './support/hostile-names.ts';

const names = Object.values(hostileNames);

it('shows hostile names literally: on the map, in the table, in the graph and in details', async () => {
  const page = await openPage('hostile');
  const title = await page.title();
  await page.getByRole('slider', { name: 'Event' }).fill('1');
  const texts = async (place: string) => page.locator(`${place} bdi.name`).allTextContents();

  for (const name of [hostileNames.host, hostileNames.otherHost]) expect(await texts('#map')).toContain(name);
  for (const name of names) expect(await texts('table.steps')).toContain(name);
  await page.locator('#order').getByLabel('Step', { exact: true }).fill('m1');
  expect(await texts('#order')).toContain(hostileNames.server);
  for (const name of names) {
    await page
      .locator('table.steps')
      .locator('a', { has: page.locator('bdi') })
      .filter({ hasText: name })
      .first()
      .click();
    expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()).toContain(name);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  expect(await page.title()).toBe(title);
  expect(await page.locator('main img, main script, dialog script').count()).toBe(0);
});

it('keeps marks of direction to the name that they are in, and makes them visible', async () => {
  const page = await openPage('hostile');
  const server = page.locator('table.steps tbody tr').first().locator('td').nth(1).locator('bdi.name');

  expect(await server.textContent()).toBe(hostileNames.server);
  expect(
    await server.locator('.mark').evaluateAll((marks) => marks.map((m) => m.getAttribute('data-code'))),
  ).toEqual(['U+202E', 'U+202C', 'U+2067', 'U+200F', 'U+2066']);
  // Left to itself the override would put the p of `gnp` left of its g.
  const { g, p } = await server.evaluate((name) => {
    const text = [...name.childNodes].find((node) => node.textContent?.startsWith('gnp') === true);
    const at = (from: number) => {
      const range = document.createRange();
      if (text === undefined) throw new Error('the name is cut into other parts');
      range.setStart(text, from);
      range.setEnd(text, from + 1);
      return range.getBoundingClientRect().left;
    };
    return { g: at(0), p: at(2) };
  });
  expect(p).toBeGreaterThan(g);
});

it('cuts a long name and has the whole on demand', async () => {
  const page = await openPage('hostile');
  const name = page.locator('table.steps bdi.name', { hasText: hostileNames.otherServer });
  const box = await name.boundingBox();

  expect(box?.width).toBeLessThan(250);
  expect(await name.getAttribute('title')).toBe(hostileNames.otherServer);
  for (const width of [1280, 400]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

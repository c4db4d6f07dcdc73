import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage } from './support/open-page.ts';

/** The first words of what has the focus. */
const focused = async (page: Page) =>
  page.evaluate(() => document.activeElement?.textContent.slice(0, 40) ?? '');

it('leaves the focus on a button that has nothing more to do', async () => {
  const page = await openPage('hostile');
  for (const name of ['Last', 'First']) {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await focused(page)).toBe(name);
  }
  await page.keyboard.press('Enter');
  expect(await page.locator('.count').textContent()).toBe('0 / 24');

  await page.locator('#steps').getByLabel('Search').fill('m1');
  const all = page.getByRole('button', { name: 'Show all' });
  await all.focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('table.steps tbody tr').count()).toBe(12);
  expect(await focused(page)).toBe('Show all');
});

it('leaves the focus on the rows’ buttons at the end of the table', async () => {
  const page = await openPage('large');
  const next = page.getByRole('button', { name: 'Next rows' });
  await page.locator('#steps').getByLabel('Search').fill('web-1');
  for (let presses = 0; presses < 20; presses++) {
    await next.focus();
    await page.keyboard.press('Enter');
  }
  expect(await page.locator('.pager [role=status]').textContent()).toContain('1,101 to 1,111 of 1,111');
  expect(await focused(page)).toBe('Next rows');
});

it('says each event once: in the one live region of the map that speaks of events', async () => {
  const page = await openPage('hostile');

  expect(await page.locator('.walk').getByRole('status').count()).toBe(1);
});

it('takes the focus along to the step that is chosen in the graph', async () => {
  const page = await openPage('hostile');
  await page.locator('#order').getByLabel('Step', { exact: true }).fill('m9');
  await page.getByRole('region', { name: 'Dependency graph' }).getByRole('button', { name: /^m1 / }).focus();
  await page.keyboard.press('Enter');

  expect(await focused(page)).toContain('m1');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-pressed'))).toBe('true');
});

it('takes the focus to the first step that a list shows on demand', async () => {
  const page = await openPage('large');
  await page.locator('#failure').getByRole('button', { name: /^and / }).focus();
  await page.keyboard.press('Enter');

  expect(await focused(page)).toBe('m21');
});

it('begins each detail at its title, which is read out', async () => {
  const page = await openPage('hostile');
  await page.locator('table.steps').getByRole('link', { name: 'm3', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await focused(page)).toBe('Step m3');

  await page.getByRole('dialog').getByRole('link', { name: 'web-3' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Server web-3' }).waitFor();
  expect(await focused(page)).toBe('Server web-3');
});

it.each([
  ['Show on the map', 'map', 'Cloud'],
  ['Show in the graph', 'order', 'Dependencies'],
])('goes to the section by `%s`, with the focus', async (button, section, title) => {
  const page = await openPage('hostile');
  await page.locator('table.steps').getByRole('link', { name: 'm10', exact: true }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'web-10' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'm10' }).click();
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await expect.poll(() => focused(page), { timeout: 30_000 }).toBe(title);
  const top = await page.locator(`#${section}`).evaluate((at) => at.getBoundingClientRect().top);
  expect(top).toBeGreaterThanOrEqual(-1);
  expect(top).toBeLessThan(600);
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage } from './support/open-page.ts';

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each([1280, 400])('axe finds nothing at %i pixels, in the page and in details', async (width) => {
    const page = await openPage('recorded', { colorScheme, width });
    await page.getByRole('slider', { name: 'Event' }).fill('7');
    await page.locator('summary').first().click();
    expect(await violations(page)).toEqual([]);

    for (const kind of ['step', 'server', 'host']) {
      await page.locator(`a[href^="#/${kind}/"]`).first().click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  });
});

it('changes its colours by the switch, whatever the machine has', async () => {
  const page = await openPage('recorded', { colorScheme: 'dark' });
  const ground = async () =>
    page
      .locator('section')
      .first()
      .evaluate((s) => getComputedStyle(s).backgroundColor);
  const dark = await ground();

  await page.getByRole('radio', { name: 'Light' }).check();
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await page.getByRole('radio', { name: 'Dark' }).check();
  expect(await ground()).toBe(dark);
});

it('is worked by keyboard alone: past the head, through the events, into a detail and back', async () => {
  const page = await openPage('hostile');
  const focused = async () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the plan');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

  await page.getByRole('slider', { name: 'Event' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('#map .event').textContent()).toContain('m2 requested');
  await page.keyboard.press('End');
  expect(await page.locator('.count').textContent()).toBe('24 / 24');

  const link = page.locator('table.steps').getByRole('link', { name: 'm2', exact: true });
  await link.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('Close');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect.poll(focused, { timeout: 120_000 }).toBe('m2');
});

import { expect, it } from 'vitest';
import { dataOf, openPage } from './support/open-page.ts';

it('opens the detail of a step, server and host, and comes back by the back button', async () => {
  const page = await openPage('hostile');
  const detail = page.getByRole('dialog');
  const title = detail.getByRole('heading', { level: 2 });

  await page.locator('table.steps').getByRole('link', { name: 'm3', exact: true }).click();
  expect(await title.textContent()).toBe('Step m3');
  await detail.getByRole('link', { name: 'web-3' }).click();
  expect(await title.textContent()).toBe('Server web-3');
  await detail.getByRole('link', { name: 'cmp-6' }).first().click();
  expect(await title.textContent()).toBe('Host cmp-6');

  await page.goBack();
  expect(await title.textContent()).toBe('Server web-3');
  await page.goForward();
  expect(await title.textContent()).toBe('Host cmp-6');
  await detail.getByRole('button', { name: 'Close' }).click();
  await detail.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).hash).toBe('');
});

it('opens by its address, and closes by Escape', async () => {
  const { hosts } = dataOf('recorded');
  const page = await openPage('recorded', { hash: `#/host/${hosts[0]?.name ?? ''}` });
  expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()).toBe(
    `Host ${hosts[0]?.name ?? ''}`,
  );

  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

it('says so where the address names nothing of the plan', async () => {
  const page = await openPage('recorded', { hash: '#/server/%3Cscript%3E' });

  expect(await page.getByRole('dialog').textContent()).toContain('No server <script> in this plan');
});

it('takes a step from its detail to the map and to the graph', async () => {
  const page = await openPage('hostile', { hash: '#/step/m10' });
  await page.getByRole('button', { name: 'Show on the map' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  expect(await page.locator('#map .event').textContent()).toContain('m10 requested');
});

it('opens a step that is clicked on in the chart', async () => {
  const page = await openPage('hostile');
  await page.locator('.time-chart canvas').click({ position: { x: 120, y: 17 } });

  expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()).toBe('Step m1');
});

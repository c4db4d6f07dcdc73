import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf, openPage } from './support/open-page.ts';

const column = (page: Page, n: number) =>
  page.locator(`table.steps tbody tr > :nth-child(${n})`).allTextContents();

it('filters steps by kind, wave, host, freed host and words', async () => {
  const { steps, hosts } = dataOf('recorded');
  const page = await openPage('recorded');
  const rows = page.locator('table.steps tbody tr');
  const table = page.locator('#steps');
  expect(await rows.count()).toBe(steps.length);

  await table.getByLabel('Kind').selectOption('cold migration');
  expect(new Set(await column(page, 2))).toEqual(new Set(['cold migration']));
  expect(await rows.count()).toBe(steps.filter(({ kind }) => kind === 'cold').length);
  await table.getByRole('button', { name: 'Show all' }).click();

  await table.getByLabel('Wave').selectOption('1');
  expect(await rows.count()).toBe(steps.filter(({ wave }) => wave === 1).length);
  await table.getByRole('button', { name: 'Show all' }).click();

  const [freed = ''] = await table.getByLabel('Freed host').locator('option').nth(1).allTextContents();
  await table.getByLabel('Freed host').selectOption({ index: 1 });
  const host = hosts.findIndex(({ name }) => freed.includes(name));
  expect(await rows.count()).toBe(steps.filter(({ from }) => from === host).length);
  expect(host).not.toBe(-1);
  await table.getByRole('button', { name: 'Show all' }).click();

  await table.getByLabel('Search').fill(steps[5]?.id ?? '');
  expect(await column(page, 1)).toContain(steps[5]?.id);
  await table.getByLabel('Search').fill('nothing is called so');
  expect(await rows.count()).toBe(0);
  expect(await table.locator('.pager').textContent()).toContain('No step is like that.');
});

it('sorts by a column, up and down, and says so', async () => {
  const page = await openPage('recorded');
  const heading = page.getByRole('columnheader', { name: 'Server' });
  expect(await heading.getAttribute('aria-sort')).toBe('none');

  await heading.getByRole('button').click();
  expect(await heading.getAttribute('aria-sort')).toBe('ascending');
  const up = await column(page, 3);
  await heading.getByRole('button').click();
  expect(await heading.getAttribute('aria-sort')).toBe('descending');
  const names = (list: readonly string[]) => list.filter((name) => name !== '');
  expect(names(up).length).toBeGreaterThan(3);
  expect(names(up)).toEqual(names(up).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  expect(new Set(names(up))).toEqual(new Set(names(await column(page, 3))));
  expect(names(await column(page, 3))[0]).toBe(names(up).at(-1));
});

it('shows 6,000 steps a hundred rows at a time', async () => {
  const page = await openPage('large');
  expect((await column(page, 1)).length).toBe(100);

  await page.getByRole('button', { name: 'Next rows' }).click();
  expect((await column(page, 1))[0]).toBe('m101');
  await page.locator('#steps').getByLabel('Search').fill('web-600');
  expect(await column(page, 1)).toEqual(['m600', 'm6000']);
});

it('draws the dependencies around a step, and goes on to the next', async () => {
  const page = await openPage('hostile');
  const graph = page.getByRole('region', { name: 'Dependency graph' });
  await page.locator('#order').getByLabel('Step', { exact: true }).fill('m9');
  expect(await graph.getByRole('group', { name: 'waits for', exact: true }).getByRole('button').count()).toBe(
    1,
  );

  await graph.getByRole('button', { name: /^m1 / }).click();
  expect(await graph.locator('[aria-pressed=true]').textContent()).toContain('m1');
  expect(await page.locator('#order').textContent()).toContain('It waits for no other step.');
  await page.getByLabel('the whole plan by waves').check();
  expect(await graph.getByRole('group', { name: 'wave 2' }).getByRole('button').count()).toBe(4);
});

it('says that no step has an id', async () => {
  const page = await openPage('hostile');
  const input = page.locator('#order').getByLabel('Step', { exact: true });
  await input.fill('m99');

  expect(await input.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('#order').getByRole('status').textContent()).toBe('No step has this id.');
});

it('says where the whole graph is too dense to be drawn', async () => {
  const page = await openPage('large');

  expect(await page.locator('#order').textContent()).toContain('The whole graph of 6,000 steps is too dense');
  expect(await page.getByLabel('the whole plan by waves').count()).toBe(0);
});

import { expect, it } from 'vitest';
import { dataOf, openPage } from './support/open-page.ts';

/** The browser says in its own time that it is to print. */
const patience = { timeout: 120_000 };

it('prints everything in order, without controls, in light colours', async () => {
  const { steps } = dataOf('recorded');
  const page = await openPage('recorded', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });

  await page.getByText('Shown is the cloud after the plan.').waitFor();
  expect(
    await page.locator('.control:visible, select:visible, input:visible, th button:visible').count(),
  ).toBe(0);
  expect(await page.locator('table.steps tbody tr:visible').count()).toBe(steps.length);
  expect(await page.locator('.time-chart canvas').isVisible()).toBe(true);
  expect(await page.locator('section:visible').evaluateAll((all) => all.map(({ id }) => id))).toEqual([
    'summary',
    'map',
    'timetable',
    'steps',
    'order',
    'not-done',
    'failure',
  ]);
  expect(
    await page
      .locator('section')
      .first()
      .evaluate((s) => getComputedStyle(s).backgroundColor),
  ).toBe('rgb(255, 255, 255)');
  expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
});

it('prints more rows than the table shows, and says where it does not print all', async () => {
  const page = await openPage('large');
  await page.emulateMedia({ media: 'print' });

  await expect.poll(() => page.locator('table.steps tbody tr').count(), patience).toBe(2000);
  expect(await page.locator('.paper-only').isVisible()).toBe(true);
  expect(await page.locator('.paper-only').textContent()).toContain(
    'The first 2,000 of 6,000 rows are printed',
  );
});

it('prints the steps of a list that the page shows on demand', async () => {
  const page = await openPage('large');
  expect(await page.locator('#failure a').count()).toBe(12);
  await page.emulateMedia({ media: 'print' });

  await expect.poll(() => page.locator('#failure a').count(), patience).toBe(200);
  expect(await page.locator('#failure').textContent()).toContain('and 5,792 others');
  expect(await page.locator('#failure button').count()).toBe(0);
});

it('comes back from paper with what was open', async () => {
  const page = await openPage('recorded');
  const list = page.locator('details.notices');
  await list.locator('summary').click();
  await page.emulateMedia({ media: 'print' });
  await page.getByText('Shown is the cloud after the plan.').waitFor();
  await page.emulateMedia({ media: 'screen' });
  await page.getByText('Shown is the cloud after the plan.').waitFor({ state: 'detached' });

  expect(await list.getAttribute('open')).not.toBeNull();
});

it('comes back from paper with what was opened just before it', async () => {
  const page = await openPage('recorded');
  const list = page.locator('details.notices');
  await list.locator('summary').evaluate((summary) => {
    if (summary instanceof HTMLElement) summary.click();
    for (const event of ['beforeprint', 'afterprint']) dispatchEvent(new Event(event));
  });

  expect(await list.getAttribute('open')).not.toBeNull();
});

it('comes back from paper as it was', async () => {
  const page = await openPage('hostile');
  await page.getByRole('slider', { name: 'Event' }).fill('3');
  await page.emulateMedia({ media: 'print' });
  await page.getByText('Shown is the cloud after the plan.').waitFor();
  await page.emulateMedia({ media: 'screen' });

  await expect.poll(() => page.locator('.count').textContent(), patience).toBe('3 / 24');
  expect(await page.getByRole('button', { name: 'Next', exact: true }).isVisible()).toBe(true);
});

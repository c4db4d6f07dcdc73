import { describe, expect, it } from 'vitest';
import { hostileNames } from './support/hostile-names.ts';
import { dataOf, openPage } from './support/open-page.ts';
import { recordedNames } from './support/page-names.ts';

// What no page may do (say anything on the console, ask for anything) is looked at after each test.
describe.each(recordedNames)('the file that `planner report` writes: %s', (name) => {
  it('has all of its plan, a slider that moves and a filter that works', async () => {
    const { cloud, hosts, steps, title } = dataOf(name);
    const page = await openPage(name);

    expect(await page.title()).toBe(title);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(title);
    expect(await page.locator('table.steps tbody tr').count()).toBe(steps.length);
    expect(await page.locator('.tile').count()).toBe(cloud === undefined ? 0 : hosts.length);

    if (cloud !== undefined && steps.length > 0) {
      await page.getByRole('slider', { name: 'Event' }).fill('2');
      expect(await page.locator('.count').textContent()).toBe(`2 / ${cloud.events.length}`);
    }
    await page.locator('#steps').getByLabel('Search').fill('nothing is called so');
    expect(await page.locator('table.steps tbody tr').count()).toBe(0);
  });
});

it('says that a plan without steps has none, and shows the one host as it is', async () => {
  const page = await openPage('one-host');

  for (const section of ['timetable', 'order', 'failure'])
    expect(await page.locator(`#${section}`).textContent()).toContain('The plan has no steps.');
  expect(await page.locator('.tile').allTextContents()).toEqual([expect.stringContaining('kvm-a01')]);
  for (const button of ['First', 'Previous', 'Play', 'Next', 'Last'])
    expect(await page.getByRole('button', { name: button, exact: true }).getAttribute('aria-disabled')).toBe(
      'true',
    );
});

it('tells of servers that are evacuated, and of no way back', async () => {
  const page = await openPage('evacuation');

  expect(new Set(await page.locator('table.steps tbody td:nth-child(2)').allTextContents())).toContain(
    'evacuate',
  );
  expect(await page.locator('#failure').textContent()).toContain('No way back once they are requested');
});

it('shows the names of a cloud literally, with marks of direction as escapes', async () => {
  const page = await openPage('renamed');
  const title = await page.title();
  const { host, otherHost, otherServer } = hostileNames;
  const escaped = String.raw`\u{202e}gnp.exe\u{202c} \u{2067}\u{200f} \u{2066} end שלום`;

  const inTable = new Set(await page.locator('table.steps bdi.name').allTextContents());
  expect([host, otherHost, escaped, otherServer].filter((name) => !inTable.has(name))).toEqual([]);
  const onMap = await page.locator('#map bdi.name').allTextContents();
  expect(onMap).toEqual(expect.arrayContaining([host, otherHost]));
  expect(await page.locator('#summary').textContent()).toContain(host);

  await page.getByRole('link', { name: escaped }).first().click();
  expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()).toBe(
    `Server ${escaped}`,
  );
  expect(await page.title()).toBe(title);
  expect(await page.locator('main img, main script, dialog img, dialog script').count()).toBe(0);
});

import { expect, it } from 'vitest';
import { dataOf, openPage } from './support/open-page.ts';
import { expectedMeters, shownMeters } from './support/shown-meters.ts';

it('shows at each event of the recorded cloud what the data add up to, forwards and back', async () => {
  const { cloud } = dataOf('recorded');
  if (cloud === undefined) throw new Error('the page has no cloud');
  const page = await openPage('recorded');
  await page.getByLabel('Resource').selectOption('all resources');

  const slider = page.getByRole('slider', { name: 'Event' });
  for (let at = 0; at <= cloud.events.length; at++) {
    await slider.fill(String(at));
    expect(await shownMeters(page), `event ${at}`).toEqual(expectedMeters(cloud, at));
  }
  await page.getByRole('button', { name: 'Previous', exact: true }).click();
  expect(await shownMeters(page)).toEqual(expectedMeters(cloud, cloud.events.length - 1));
  await page.getByRole('button', { name: 'First' }).click();
  expect(await shownMeters(page)).toEqual(expectedMeters(cloud, 0));
});

it('shows sampled events of a cloud of 1,000 hosts, far jumps included', async () => {
  const { cloud } = dataOf('large');
  if (cloud === undefined) throw new Error('the page has no cloud');
  const page = await openPage('large');

  const slider = page.getByRole('slider', { name: 'Event' });
  for (const at of [1, 2, 700, 6001, 12_000, 5]) {
    await slider.fill(String(at));
    const shown = await shownMeters(page);
    const expected = expectedMeters(cloud, at);
    expect(shown.size).toBe(2000);
    for (const [meter, words] of shown) expect(words, `meter ${meter} at ${at}`).toBe(expected.get(meter));
  }
});

it('says each event in words and marks the hosts that take part', async () => {
  const page = await openPage('hostile');
  await page.getByRole('slider', { name: 'Event' }).fill('3');

  const status = page.locator('#map .event');
  expect((await status.textContent())?.trim()).toBe('0:00:00 m3 requested: web-3 from cmp-6 to cmp-3');
  expect(await status.getAttribute('aria-live')).toBe('polite');
  expect(await page.locator('.tile[data-role=from]').getAttribute('data-host')).toBe('5');
  expect(await page.locator('.tile[data-role=to]').getAttribute('data-host')).toBe('2');
  expect(await page.locator('.tile[data-host="5"] .role').textContent()).toBe('leaves');
});

it('counts the servers of a host as they come and go', async () => {
  const page = await openPage('hostile');
  const servers = page.locator('.tile[data-host="0"] .servers');
  expect(await servers.textContent()).toBe('empty');

  await page.getByRole('button', { name: 'Last' }).click();
  expect(await servers.textContent()).toBe('4 servers');
  expect(await page.locator('.tile[data-host="3"] .servers').textContent()).toBe('empty');
});

it('narrows the map by name and to hosts that change', async () => {
  const page = await openPage('recorded');
  const changing = new Set(dataOf('recorded').steps.flatMap(({ from, to }) => [from, to]));
  changing.delete(undefined);

  await page.getByLabel('only hosts that change').check();
  expect(await page.locator('.tile').count()).toBe(changing.size);
  const shown = page.locator('#map .section-head').getByRole('status');
  expect(await shown.textContent()).toBe(`${changing.size} of 12 hosts`);
  await page.getByLabel('only hosts that change').uncheck();
  await page.getByLabel('Host name').fill('A01');
  expect(await page.locator('.tile').allTextContents()).toEqual([expect.stringContaining('kvm-a01')]);
});

it('plays through the events by itself, and stops when it is asked to', async () => {
  const page = await openPage('hostile', { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Play' }).click();
  await page.locator('.count', { hasText: '2 / 24' }).waitFor();
  expect(await page.locator('#map .event').getAttribute('aria-live')).toBe('off');

  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
});

it('says how to get a map where there is none', async () => {
  const page = await openPage('without-cloud');

  expect(await page.locator('#map code').textContent()).toMatch(
    /^planner report .*plan\.json --inventory FILE$/,
  );
  expect(await page.locator('#map').textContent()).not.toContain('`');
  expect(await page.locator('.tile').count()).toBe(0);
});

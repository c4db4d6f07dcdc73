import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { readPageData } from '../../../src/report/page/packed.ts';
import type { PageData } from '../../../src/report/page/page-data.ts';
import { chromiumPath } from './chromium.ts';
import { pageFile, type PageName } from './page-names.ts';

let browser: Browser;
let faults: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser.close();
});

// What no page may do holds for every test: nothing on the console, no error, no request.
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  const found = faults;
  faults = [];
  expect(found).toEqual([]);
});

interface View {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce';
  /** What follows the file's name: `#/host/cmp-1`. */
  readonly hash?: string;
}

/** Opens one of the pages of the suite as a file, as who gets it by mail would. */
export async function openPage(name: PageName, view: View = {}): Promise<Page> {
  const { width = 1280, hash = '', colorScheme = 'light', reducedMotion = null } = view;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion,
    offline: true,
  });
  context.setDefaultTimeout(5 * 60_000); // only against a hang, as the machine may be busy
  const page = await context.newPage();
  const address = pathToFileURL(fileOf(name)).href;
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url.split('#')[0] === address) return route.continue();
    faults.push(`request: ${url}`);
    return route.abort();
  });
  await page.goto(`${address}${hash}`);
  await page.locator('main').waitFor();
  return page;
}

/** `main.ts` makes the pages and says where they are. */
function fileOf(name: PageName): string {
  const folder = process.env['PLANNER_PAGES'];
  if (folder === undefined) throw new Error('there are no pages: run `npm run test:browser`');
  return pageFile(name, folder);
}

/** What stands in a page of the suite. */
export function dataOf(name: PageName): PageData {
  const html = readFileSync(fileOf(name), 'utf8');
  return readPageData(/id="plan-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
}

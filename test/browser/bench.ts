import { rmSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { chromiumPath, whyNoChromium } from './support/chromium.ts';
import { createPageFolder, writeDrawnPage } from './support/make-pages.ts';
import { pageFile } from './support/page-names.ts';

/** What the page of 1,000 hosts and 6,000 moves may take. */
const wanted = { bytes: 3_000_000, firstRenderMs: 1500, sliderScriptMs: 33 };

const reason = whyNoChromium();
if (reason === undefined) await main();
else {
  console.error(`the page cannot be measured: ${reason}`);
  process.exitCode = 77;
}

/** `npm run bench:page`: measures and prints, and asserts nothing. */
async function main(): Promise<void> {
  const folder = createPageFolder();
  writeDrawnPage('large', folder);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    await measure(
      await browser.newPage({ viewport: { width: 1280, height: 900 } }),
      pageFile('large', folder),
    );
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(page: Page, file: string): Promise<void> {
  line('file', statSync(file).size / 1e6, wanted.bytes / 1e6, 'MB');

  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.time-chart canvas').waitFor();
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now(),
  );
  line('first render, by the clock', paint, wanted.firstRenderMs, 'ms');
  line('first render, processor time', await spent(session, 'TaskDuration'), wanted.firstRenderMs, 'ms');

  const steps = await sliderSteps(page, session, (i) => 100 * i + 1);
  line('slider to a neighbour, scripting, median', middle(steps.near), wanted.sliderScriptMs, 'ms');
  line('slider to a neighbour, scripting, worst', Math.max(...steps.near), wanted.sliderScriptMs, 'ms');
  line('slider 100 events on, scripting, worst', Math.max(...steps.far), wanted.sliderScriptMs, 'ms');
  const [whole = 0] = (await sliderSteps(page, session, () => 12_000, 1)).far;
  line('slider over the whole plan, scripting', whole, wanted.sliderScriptMs, 'ms');
}

/** Milliseconds of scripting at each step of the slider: to `where(i)`, and from there to the next event. */
async function sliderSteps(page: Page, session: CDPSession, where: (i: number) => number, times = 40) {
  const near: number[] = [];
  const far: number[] = [];
  const go = async (to: number, list: number[]) => {
    const before = await spent(session, 'ScriptDuration');
    await page.evaluate(async (value) => {
      const slider = document.querySelector<HTMLInputElement>('#map input[type=range]');
      if (slider === null) throw new Error('there is no slider');
      slider.value = String(value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    }, to);
    list.push((await spent(session, 'ScriptDuration')) - before);
  };
  for (let i = 0; i < times; i++) {
    await go(where(i), far);
    await go(where(i) + 1, near);
  }
  return { near, far };
}

/** Processor time of the page's thread so far, in milliseconds: what other programs do does not count. */
async function spent(session: CDPSession, what: 'TaskDuration' | 'ScriptDuration'): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === what)?.value ?? 0);
}

function middle(list: readonly number[]): number {
  return list.toSorted((one, other) => one - other)[list.length >> 1] ?? 0;
}

function line(what: string, measured: number, limit: number, unit: string): void {
  const verdict = measured <= limit ? 'ok' : 'MISSED';
  console.log(
    `${what.padEnd(44)} ${measured.toFixed(2).padStart(9)} ${unit}  wanted ${limit} ${unit}  ${verdict}`,
  );
}

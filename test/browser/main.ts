import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { whyNoChromium } from './support/chromium.ts';
import { makePages } from './support/make-pages.ts';

/** Runs the browser suite where there is a Chromium; 77, as automake has it, where there cannot be one. */
const reason = whyNoChromium();
if (reason === undefined) await main();
else {
  console.error(`the browser suite cannot run: ${reason}`);
  process.exitCode = 77;
}

/** Makes the pages of the suite once for all its tests, then runs these. */
async function main(): Promise<void> {
  const folder = await makePages();
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  const words = [vitest, 'run', '--config', config, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, words, {
    stdio: 'inherit',
    env: { ...process.env, PLANNER_PAGES: folder },
  });
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

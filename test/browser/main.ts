import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { whyNoChromium } from './support/chromium.ts';

/** Runs the browser suite where there is a Chromium; 77, as automake has it, where there cannot be one. */
const reason = whyNoChromium();
if (reason === undefined) {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', config, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} else {
  console.error(`the browser suite cannot run: ${reason}`);
  process.exitCode = 77;
}

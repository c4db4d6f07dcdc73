import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The browser of the suite: `PLANNER_CHROMIUM`, or the one of Debian's package. */
export const chromiumPath = process.env['PLANNER_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why the suite cannot run here, or undefined. Where Debian's package may be installed it is. */
export function whyNoChromium(): string | undefined {
  if (existsSync(chromiumPath)) return undefined;
  if (process.env['PLANNER_CHROMIUM'] !== undefined)
    return `PLANNER_CHROMIUM names ${chromiumPath}, which is not there`;
  if (process.getuid?.() !== 0 || !isDebian())
    return `${chromiumPath} is not there: set PLANNER_CHROMIUM to a Chromium`;

  console.error('installing Debian’s package chromium');
  const { status } = spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0 && existsSync(chromiumPath)) return undefined;
  return 'apt-get cannot install chromium here';
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

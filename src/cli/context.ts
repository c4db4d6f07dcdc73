import { readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { z } from 'zod';
import type { Surroundings } from '../openstack/config/read-files.ts';
import type { PageAssets } from '../report/page/page-file.ts';
import { readPageAssets } from './page-assets.ts';

/** What commands get from the outside: made once, in `main`, and nowhere else. */
export interface CliContext {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** Columns of the terminal that results go to. */
  readonly width: number;
  /** Whether somebody watches: progress is shown on terminals only. */
  readonly watched: boolean;
  /** Seconds since some fixed start. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Where clouds are described. */
  readonly surroundings: Surroundings;
  readonly version: string;
  /** Threads to work with where nobody says how many. */
  readonly threads: number;
  /** Whether to show the stack of a bug. */
  readonly debug: boolean;
  /** The script and style of the review page. */
  readonly pageAssets: () => Promise<PageAssets>;
  /** Calls back at the first interrupt; the second one ends the process. Returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** A width that tables are readable at, where there is no terminal to ask. */
const usualWidth = 100;
const narrowest = 60;

/** The context of this process. */
export function processContext(): CliContext {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: Math.max(narrowest, stdout.isTTY ? stdout.columns : usualWidth),
    watched: stderr.isTTY,
    now: () => performance.now() / 1000,
    wallClock: () => Date.now(),
    surroundings: { env, workingDirectory: process.cwd(), homeDirectory: homedir() },
    version: packageVersion(),
    threads: Math.max(1, availableParallelism() - 1),
    debug: env['PLANNER_DEBUG'] === '1',
    pageAssets: () => readPageAssets(),
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      // `once`: with no listener left, the second signal ends the process as signals do.
      for (const signal of signals) process.once(signal, listener);
      return () => {
        for (const signal of signals) process.removeListener(signal, listener);
      };
    },
  };
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return z.looseObject({ version: z.string() }).parse(manifest).version;
}

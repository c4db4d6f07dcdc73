import { readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import type { OpenDatabase } from '../inventory/nova-db/database.ts';
import { openDatabase } from '../inventory/nova-db/open-database.ts';
import type { Surroundings } from '../openstack/config/read-files.ts';
import { createPaint, hasColors, type Paints } from './paint.ts';
import type { PageAssets } from '../report/page/page-file.ts';
import { readPageAssets } from './page-assets.ts';

/** What commands get from the outside: made once, in `main`, and nowhere else. */
export interface CliContext {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** Columns that results fit into. */
  readonly width: number;
  /** Columns of the terminal that progress is shown on. */
  readonly errWidth: number;
  /** Colours of results and of everything else, where `--color` does not say. */
  readonly paint: Paints;
  /** Whether somebody watches: progress is shown on terminals only. */
  readonly watched: boolean;
  /** Seconds since some fixed start. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Waits so many seconds of that clock. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** A line that somebody types in answer to a question; absent where nobody is there to be asked. */
  readonly ask?: (question: string) => Promise<string>;
  /** Opens a database of Nova. */
  readonly openDatabase: OpenDatabase;
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
const narrowest = 40;
const widest = 10_000;

/** The columns to write in: what `COLUMNS` says, else those of the terminal, else as many as are read well. */
export function columnsOf(
  terminal: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): number {
  const said = /^\d{1,6}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : 0;
  // A terminal that does not know its size says 0.
  const columns = [said, terminal ?? 0].find((value) => value > 0) ?? usualWidth;
  return Math.min(widest, Math.max(narrowest, columns));
}

/** The context of this process. */
export function processContext(): CliContext {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: columnsOf(stdout.isTTY ? stdout.columns : undefined, env),
    errWidth: columnsOf(stderr.isTTY ? stderr.columns : undefined, env),
    paint: {
      out: createPaint(hasColors(stdout.isTTY, env)),
      err: createPaint(hasColors(stderr.isTTY, env)),
    },
    watched: stderr.isTTY && env['TERM'] !== 'dumb',
    now: () => performance.now() / 1000,
    wallClock: () => Date.now(),
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    ...(stdin.isTTY && { ask: askTerminal }),
    openDatabase,
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

async function askTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return z.looseObject({ version: z.string() }).parse(manifest).version;
}

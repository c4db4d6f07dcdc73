import type { Command } from 'commander';
import type { CliContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { plainPaint } from '../../src/report/paint.ts';

/** A context that shows nothing, watches nothing, and has no surroundings. */
export const quietContext: CliContext = {
  out: () => undefined,
  err: () => undefined,
  width: 100,
  errWidth: 100,
  paint: { out: plainPaint, err: plainPaint },
  watched: false,
  now: () => 0,
  wallClock: () => 0,
  sleep: () => Promise.resolve(),
  openDatabase: () => Promise.reject(new Error('there is no database')),
  surroundings: { env: {}, workingDirectory: '.', homeDirectory: '.' },
  version: '0.0.0',
  threads: 1,
  debug: false,
  pageAssets: () => Promise.resolve({ script: '', style: '' }),
  onInterrupt: () => () => undefined,
};

/** Every command with its options, to be looked at. */
export const wholeProgram = (): Command => createProgram(quietContext, () => Promise.resolve());

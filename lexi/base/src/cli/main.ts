#!/usr/bin/env node
import { processContext } from './context.ts';
import { runCli } from './run-cli.ts';

// A reader that has seen enough, such as `head`, closes the pipe: nothing more is to be said.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await runCli(process.argv.slice(2), processContext());

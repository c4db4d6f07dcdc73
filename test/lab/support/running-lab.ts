import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { runFile } from './places.ts';
import type { Ports } from './ports.ts';

const RunningLab = z.object({
  ports: z.object({
    keystone: z.int(),
    placement: z.int(),
    compute: z.int(),
    image: z.int(),
    network: z.int(),
    database: z.int(),
    messages: z.int(),
    messagePeers: z.int(),
    messageNames: z.int(),
  }),
});

const file = runFile('lab.json');

export function writeRunningLab(ports: Ports): void {
  writeFileSync(file, JSON.stringify({ ports }));
}

/** The ports of the lab that was started here. */
export function runningPorts(): Ports {
  if (!existsSync(file)) throw new Error('no lab was started here: npm run lab start');
  return RunningLab.parse(JSON.parse(readFileSync(file, 'utf8'))).ports;
}

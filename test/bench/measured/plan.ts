import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { dataPath } from '../support/data.ts';

const Migration = z.object({
  id: z.literal('migrateVM'),
  bw: z.number().positive(),
  vm: z.number(),
  from: z.number(),
  to: z.number(),
  start: z.number(),
  end: z.number(),
});
const File = z.object({
  origin: z.object({
    attributes: z.object({
      vms: z.record(
        z.string(),
        z.object({
          memUsed: z.number(),
          maxDirtySize: z.number(),
          maxDirtyDuration: z.number().positive(),
          dirtyRate: z.number(),
        }),
      ),
    }),
  }),
  actions: z.array(Migration),
});

/** A migration of mVM's plan; sizes in bytes, rates in bytes or bits a second as named. */
export interface Planned {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly bitsPerSecond: number;
  readonly memory: number;
  readonly hotBytes: number;
  readonly hotSeconds: number;
  readonly coldBytesPerSecond: number;
}

/** What was predicted for the whole of mVM's plan, and what four executions took, in seconds. */
export interface Measured {
  readonly file: number;
  readonly plan: readonly Planned[];
  readonly predicted: number;
  readonly runs: readonly number[];
}

export function readMeasured(): readonly Measured[] {
  const [, ...rows] = readFileSync(dataPath('mvm', 'measured.csv'), 'utf8').trim().split(/\r?\n/);
  return rows.map((row) => {
    const [file = 0, , predicted = 0, , ...runs] = row.split(',').map(Number);
    return { file, predicted, runs, plan: readPlan(dataPath('mvm', 'random', `random.${file}.json`)) };
  });
}

const mega = 1e6;

function readPlan(path: string): readonly Planned[] {
  const { actions, origin } = File.parse(JSON.parse(readFileSync(path, 'utf8')));
  return actions.map(({ bw, end, from, start, to, vm }) => {
    const server = origin.attributes.vms[String(vm)];
    if (server === undefined) throw new Error(`${path}: no VM ${vm}`);
    return {
      from,
      to,
      start,
      end,
      bitsPerSecond: bw * mega,
      memory: server.memUsed * mega,
      hotBytes: server.maxDirtySize * mega,
      hotSeconds: server.maxDirtyDuration,
      coldBytesPerSecond: server.dirtyRate * mega,
    };
  });
}

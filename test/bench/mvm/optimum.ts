import { readFileSync } from 'node:fs';
import { dataPath } from '../support/data.ts';

/** What is known of one of mVM's random files. */
export interface Known {
  readonly mvmMakespan: number;
  readonly makespan: number;
  readonly mvmSumOfEnds: number;
  /** The least of all, whatever its makespan. */
  readonly sumOfEnds: number;
}

/** A row of `optimum.csv`: instance, mVM's makespan, the least, its status, mVM's sum of ends, the least, its status. */
export function knownOf(file: number): Known | undefined {
  const rows = readFileSync(dataPath('mvm', 'optimum.csv'), 'utf8').trim().split('\n');
  const row = rows.map((line) => line.split(',')).find(([instance]) => instance === String(file));
  if (row === undefined) return undefined;
  const number = (column: number): number => Number(row[column]);
  return { mvmMakespan: number(1), makespan: number(2), mvmSumOfEnds: number(4), sumOfEnds: number(5) };
}

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BadData } from '../support/command.ts';

/** An instance of the machine reassignment problem, in the words of its authors. */
export interface Reassignment {
  readonly resources: readonly { readonly transient: boolean; readonly loadWeight: number }[];
  readonly machines: readonly Machine[];
  readonly services: readonly { readonly spreadMin: number; readonly dependsOn: readonly number[] }[];
  readonly processes: readonly Process[];
  readonly balances: readonly Balance[];
  readonly processMoveWeight: number;
  readonly serviceMoveWeight: number;
  readonly machineMoveWeight: number;
}

export interface Machine {
  readonly neighbourhood: number;
  readonly location: number;
  readonly capacity: readonly number[];
  readonly safety: readonly number[];
  /** What it costs to move a process from here, by machine. */
  readonly moveCost: readonly number[];
}

export interface Process {
  readonly service: number;
  readonly requirement: readonly number[];
  readonly moveCost: number;
}

export interface Balance {
  readonly first: number;
  readonly second: number;
  readonly target: number;
  readonly weight: number;
}

export const readNumbers = (path: string): readonly number[] => {
  const bytes = readFileSync(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseNumbers((packed ? gunzipSync(bytes) : bytes).toString('utf8'));
};

export function parseNumbers(text: string): readonly number[] {
  const numbers = text.split(/\s+/u).filter((word) => word !== '');
  const wrong = numbers.find((word) => !/^-?\d+$/u.test(word));
  if (wrong !== undefined) throw new BadData(`"${wrong}" is not an integer`);
  return numbers.map(Number);
}

/** Reads the numbers of a model file in turn; there must be neither too few nor too many. */
export function parseModel(numbers: readonly number[]): Reassignment {
  let next = 0;
  const take = (): number => {
    const value = numbers[next];
    if (value === undefined) throw new BadData(`the model ends after ${numbers.length} numbers`);
    next += 1;
    return value;
  };
  const list = <Item>(count: number, item: () => Item): Item[] => Array.from({ length: count }, item);
  const resources = list(take(), () => ({ transient: take() === 1, loadWeight: take() }));
  const machineCount = take();
  const amounts = (): number[] => list(resources.length, take);
  const machines = list(machineCount, () => ({
    neighbourhood: take(),
    location: take(),
    capacity: amounts(),
    safety: amounts(),
    moveCost: list(machineCount, take),
  }));
  const services = list(take(), () => ({ spreadMin: take(), dependsOn: list(take(), take) }));
  const processes = list(take(), () => ({ service: take(), requirement: amounts(), moveCost: take() }));
  const balances = list(take(), () => ({ first: take(), second: take(), target: take(), weight: take() }));
  const [processMoveWeight, serviceMoveWeight, machineMoveWeight] = [take(), take(), take()];
  if (next !== numbers.length) throw new BadData(`${numbers.length - next} numbers are left over`);
  return {
    resources,
    machines,
    services,
    processes,
    balances,
    processMoveWeight,
    serviceMoveWeight,
    machineMoveWeight,
  };
}

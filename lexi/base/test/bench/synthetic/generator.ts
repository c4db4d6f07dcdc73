import { pathToFileURL } from 'node:url';
import { dataPath } from '../support/data.ts';

/** Amounts a host: vCPUs, small-page GiB, then by NUMA cell CPUs, GiB of 1G pages and VFs. */
export const amountsPerHost = 8;

/** An instance as the generator makes it; arrays are flat. */
export interface Instance {
  readonly H: number;
  readonly V: number;
  /** Capacity by host × amountsPerHost. */
  readonly cap: Int32Array;
  /** CPU generation of each host. */
  readonly gen: Uint8Array;
  readonly types: readonly ServerType[];
  /** Demand by (type × 2 + cell) × amountsPerHost. */
  readonly D: Int32Array;
  readonly vtype: Int32Array;
  /** Anti-affinity triple of each server; -1 for none. */
  readonly vgrp: Int32Array;
  readonly ngrp: number;
  /** host × 2 + cell of each server today. */
  readonly loc0: Int32Array;
  readonly migCost: Int32Array;
  /** No more moves than this. */
  readonly M: number;
  /** Price of a used host. */
  readonly WH: number;
  /** Price of the highest utilisation of vCPUs. */
  readonly kappa: number;
}

export interface ServerType {
  /** 0 floating, 1 pinned to one cell, 2 half on each cell, 3 one VF in its cell. */
  readonly k: number;
  /** Lowest CPU generation that it accepts. */
  readonly q: number;
  readonly vcpu: number;
  readonly ram: number;
}

export type SyntheticGoal = 'a' | 'b';

/** The generator's own verdict on an answer; `bad` counts what it breaks. */
export interface Verdict {
  readonly obj: number;
  readonly hosts: number;
  readonly z: number;
  readonly moves: number;
  readonly mig: number;
  readonly bad: number;
}

interface Generator {
  readonly generate: (hosts: number, servers: number, seed: number, load: number) => Instance;
  readonly evaluate: (instance: Instance, places: ArrayLike<number>, goal: SyntheticGoal) => Verdict;
}

export const loadGenerator = async (): Promise<Generator> =>
  (await import(pathToFileURL(dataPath('synthetic', 'gen.mjs')).href)) as Generator;

import type { ServerId } from '../model/ids.ts';

/** One term's value, weights applied. */
export interface TermValue {
  readonly kind: string;
  readonly before: number;
  readonly after: number;
}

/** What a plan is worth. `total` is the sum of the terms, rounded to 1e-6 by `roundObjective`. */
export interface Evaluation {
  readonly before: number;
  readonly after: number;
  readonly terms: readonly TermValue[];
}

/** What one migration copies. A server with a stop-over has two. */
export interface MigrationVolume {
  readonly server: ServerId;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** The one place where objectives are rounded: to a millionth. */
export const roundObjective = (value: number): number => Math.round(value * 1e6) / 1e6;

import type { ServerId } from '../model/ids.ts';

/** One term's value, weights applied. */
export interface TermValue {
  readonly kind: string;
  readonly before: number;
  readonly after: number;
}

/** What the terms of one priority add up to. */
export interface PriorityValue {
  readonly priority: number;
  readonly before: number;
  readonly after: number;
}

/** What a plan is worth; sums are rounded to 1e-6 by `roundObjective`. */
export interface Evaluation {
  /** The sum of the terms; of the most important priority where there are several. */
  readonly before: number;
  readonly after: number;
  readonly terms: readonly TermValue[];
  /** The most important first; absent where all terms have one priority. */
  readonly priorities?: readonly PriorityValue[];
}

/** What one migration copies. A server with a stop-over has two. */
export interface MigrationVolume {
  readonly server: ServerId;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /**
   * How it travels, or every way in which it could: a price is then that of the cheapest. Absent where nobody asks, and
   * then free.
   */
  readonly ways?: readonly TravelWay[];
}

/** What a way of travelling has to do with its price. */
export interface TravelWay {
  readonly method: 'live' | 'cold' | 'evacuate';
  /** Seconds for which the server is expected not to run, by the link of the host that it leaves. */
  readonly downtimeSeconds: number;
}

/** The one place where objectives are rounded: to a millionth. */
export const roundObjective = (value: number): number => Math.round(value * 1e6) / 1e6;

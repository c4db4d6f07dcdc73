/** The value of some of the goal's terms, kept up to date server by server; a lifted server counts nowhere. */
export interface Tracker {
  readonly total: number;
  /** What the total would rise by if a lifted server came to the host. */
  ofArrival(v: number, h: number): number;
  /** Counts a server in (sign 1) or out (sign -1). */
  book(v: number, h: number, sign: 1 | -1): void;
  /** How much of the total lies at this host: a hint where to look for savings. */
  ofHost(h: number): number;
  /** Sums up again what many small changes have added up to. */
  settle(): void;
}

/** Every kind of what goes wrong with a server. */
export const faultKinds = [
  'refuse',
  'precheck',
  'pre',
  'running',
  'crash',
  'post',
  'confirm',
  'stall',
  'slow',
  'lose-request',
  'lose-answer',
  'other-cells',
] as const;

/** What goes wrong with one server's next requests. */
export interface ServerFault {
  /** Name or id of the server. */
  readonly server: string;
  /**
   * - `refuse`: the scheduler finds no valid host.
   * - `precheck`, `pre`, `running`, `crash`, `post`: a live migration fails there, as Nova's does; `post` is after the
   *   switch, with the server in ERROR on its new host. A cold migration fails before it has moved anything;
   *   an evacuation leaves its server in ERROR where it was, or as it was where the destination refuses it (`precheck`).
   * - `confirm`: the confirmation fails, with the server in ERROR.
   * - `stall`: it never converges.
   * - `slow`: it takes `factor` times as long.
   * - `lose-request`, `lose-answer`: nobody hears of the request, or of its answer.
   * - `other-cells`: the API tells another NUMA cell than Nova would choose.
   */
  readonly kind: (typeof faultKinds)[number];
  /** How many requests it concerns; the first one where absent. */
  readonly times?: number;
  readonly factor?: number;
}

/** A host that dies. */
export interface HostFault {
  readonly kind: 'host-down';
  readonly host: string;
  /** Seconds after the start of the simulation. */
  readonly atSeconds: number;
  /** When it is back; never, where absent. */
  readonly untilSeconds?: number;
}

export type Fault = ServerFault | HostFault;

/** How often a request goes wrong by chance, from 0 to 1. */
export type FaultRates = Readonly<Partial<Record<ServerFault['kind'], number>>>;

/** What goes wrong in a simulated cloud. */
export interface Faults {
  readonly faults: readonly Fault[];
  readonly rates: FaultRates;
}

export const noFaults: Faults = { faults: [], rates: {} };

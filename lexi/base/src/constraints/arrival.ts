import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';

export type Method = 'live' | 'cold' | 'evacuate';
/** How the disks get there: nothing to copy (`shared`, `volume`) or copied by the migration (`block`). */
export type Storage = 'shared' | 'block' | 'volume';

/** One server that asks to arrive on a host: what every rule judges. */
export interface Arrival {
  readonly server: Server;
  readonly from: HostId;
  readonly to: HostId;
  readonly method: Method;
  readonly storage: Storage;
  /** Past the scheduler: its filters are not run, the checks of both hosts are. Only where `forced` is allowed. */
  readonly forced?: true;
}

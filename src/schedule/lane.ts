import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { inboundSlots, outboundSlots } from './holdings.ts';
import type { Pool, Pools } from './pool.ts';

/** A migration that still has to be requested. */
export interface Leg {
  readonly server: Server;
  readonly from: HostId;
  /** Where the server shall run in the end. */
  readonly target: HostId;
  /** Where this leg goes: the target, or a bypass host. */
  to: HostId;
  /** Takes NUMA cells or PCI devices, which Nova chooses by what is on the host at the request. */
  readonly cellular: boolean;
  /** Dedicated host CPUs that it takes. */
  readonly pinnedCpus: number;
  /** Sets of servers of which only one may be on its way, see `serial-sets.ts`. */
  readonly serialSets: readonly string[];
  /** Bypass hosts that the server has been on. */
  readonly stopOvers: number;
  /** Expected, straight to the target by the way that is tried first. */
  readonly seconds: number;
  /** Mbit/s that it takes then. */
  readonly mbps: number;
  /** When rules refused it last: where, and how often that host had been freed and changed by then. */
  refused: { readonly to: HostId; readonly freed: number; readonly changed: number } | undefined;
  /** When rules allowed it last and nothing but `maxParallel` kept it back: where, and how often that host had changed. */
  allowed: { readonly to: HostId; readonly changed: number } | undefined;
}

/** What a host's place in the timetable is at one instant. */
interface Lane {
  readonly host: HostId;
  /** Slots of migrations from here, and to here. */
  readonly outbound: Pool;
  readonly inbound: Pool;
  /** Legs that wait to come, and to go. */
  readonly arrivals: Set<Leg>;
  readonly departures: Set<Leg>;
  /** Servers that left or are leaving and still hold something here. */
  leaving: number;
  cellularLeaving: number;
  /** Not before this second is another arrival requested here. */
  opensAt: number;
  lastRequest: string | undefined;
  lastCellularRequest: string | undefined;
  /** How often somebody left the host, and how often its claims changed at all. */
  freed: number;
  changed: number;
  /** Seconds of the legs that wait to go and to come. */
  toSend: number;
  toReceive: number;
}

export type Lanes = (host: HostId) => Lane;

/** One lane a host, made when first asked for. */
export function createLanes(cloud: Cloud, pools: Pools): Lanes {
  const lanes = new Map<HostId, Lane>();
  return (host) => {
    let lane = lanes.get(host);
    if (lane === undefined) lanes.set(host, (lane = createLane(host, cloud, pools)));
    return lane;
  };
}

function createLane(host: HostId, cloud: Cloud, pools: Pools): Lane {
  return {
    host,
    outbound: pools(outboundSlots(host, cloud)),
    inbound: pools(inboundSlots(host, cloud)),
    arrivals: new Set(),
    departures: new Set(),
    leaving: 0,
    cellularLeaving: 0,
    opensAt: 0,
    lastRequest: undefined,
    lastCellularRequest: undefined,
    freed: 0,
    changed: 0,
    toSend: 0,
    toReceive: 0,
  };
}

/** An order of the arrivals that take NUMA cells on one host: found by trial, after all such departures. */
export interface FixedOrder {
  readonly servers: readonly ServerId[];
  /** Position of the next one. */
  next: number;
  /** Given up, since nothing else moved any more. */
  released: boolean;
}

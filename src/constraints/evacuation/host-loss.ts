import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { capacityUnits } from '../../nova/placement-capacity.ts';
import { compareText } from '../../shared/collections.ts';
import type { Arrival } from '../arrival.ts';
import { waysOf } from '../context.ts';
import { passes } from '../rule.ts';
import type { StateView } from '../state-view.ts';
import { type Evacuees, evacuationRules } from './evacuees.ts';

/** What the loss of a host comes to. */
export interface HostLoss {
  readonly host: HostId;
  /** Its servers that are to be evacuated and find no room on the other hosts together with the rest; by name. */
  readonly stranded: readonly Server[];
  readonly strandedMiB: number;
}

/** How servers of a lost host are placed: which goes first, and to which of the hosts that take it. */
interface Order {
  readonly size: (server: Server) => number;
  readonly first: 'roomiest' | 'tightest';
}

const memory = (server: Server): number => server.flavor.memoryMiB;
const vcpus = (server: Server): number => server.flavor.vcpus;

/** The first is Nova's own with its default weights, most free memory first; the others find tighter packings. */
const orders: readonly Order[] = [
  { size: memory, first: 'roomiest' },
  { size: memory, first: 'tightest' },
  { size: vcpus, first: 'tightest' },
  { size: vcpus, first: 'roomiest' },
];

/** The losses of hosts, in the order of the cloud, after which somebody finds no room. */
export function lossesOf(state: StateView, evacuees: Evacuees): readonly HostLoss[] {
  const seen: StateView = { ...state, context: evacuees.context };
  const free = freeMemory(state);
  return [...state.context.cloud.hosts.keys()].flatMap((host) => {
    const loss = lossOf(host, seen, evacuees, free);
    return loss === undefined ? [] : [loss];
  });
}

/** Memory that Placement has left on each host that takes servers. */
function freeMemory(state: StateView): ReadonlyMap<HostId, number> {
  const free = new Map<HostId, number>();
  for (const { id, providers } of state.context.cloud.hosts.values()) {
    if (state.serviceStatus(id) !== 'enabled') continue;
    let sum = 0;
    for (const provider of providers) {
      const inventory = provider.inventories.get('MEMORY_MB');
      if (inventory !== undefined) sum += capacityUnits(inventory) - state.used(provider.id, 'MEMORY_MB');
    }
    free.set(id, sum);
  }
  return free;
}

/** Undefined when all find room. */
function lossOf(
  host: HostId,
  state: StateView,
  evacuees: Evacuees,
  free: ReadonlyMap<HostId, number>,
): HostLoss | undefined {
  const { servers } = state.context.cloud;
  const leaving = state
    .claimsOn(host)
    .filter(({ role, server }) => role === 'resident' && evacuees.hostsOf.has(server))
    .flatMap(({ server }) => servers.get(server) ?? []);
  let least: HostLoss | undefined;
  for (const order of orders) {
    const stranded = place(leaving, host, state, evacuees, free, order);
    if (stranded.length === 0) return undefined;
    const strandedMiB = stranded.reduce((sum, server) => sum + memory(server), 0);
    if (least === undefined || strandedMiB < least.strandedMiB)
      least = { host, stranded: stranded.toSorted((a, b) => compareText(a.name, b.name)), strandedMiB };
  }
  return least;
}

/** Places servers one after the other where the rules let them; those that find no place. */
function place(
  leaving: readonly Server[],
  lost: HostId,
  state: StateView,
  { hostsOf }: Evacuees,
  freeBefore: ReadonlyMap<HostId, number>,
  { size, first }: Order,
): readonly Server[] {
  const free = new Map(freeBefore);
  free.delete(lost);
  const sign = first === 'roomiest' ? -1 : 1;
  const targets = [...free.keys()];
  const sort = (): void => void targets.sort((a, b) => sign * ((free.get(a) ?? 0) - (free.get(b) ?? 0)));
  sort();
  const biggestFirst = leaving.toSorted((a, b) => compareText(a.id, b.id)).sort((a, b) => size(b) - size(a)); // stable
  return state.suppose((request) =>
    biggestFirst.filter((server) => {
      const [way] = waysOf(server, state.context);
      const allowed = hostsOf.get(server.id);
      if (way === undefined || allowed === undefined) return true;
      const arrivalAt = (to: HostId): Arrival => ({ server, from: lost, to, ...way });
      const to = targets.find((host) => allowed.has(host) && isTaken(arrivalAt(host), state));
      if (to === undefined) return true;
      request(arrivalAt(to));
      free.set(to, (free.get(to) ?? 0) - memory(server));
      sort();
      return false;
    }),
  );
}

const isTaken = (arrival: Arrival, state: StateView): boolean =>
  evacuationRules.every((rule) => passes(rule.judge(arrival, state), state.context));

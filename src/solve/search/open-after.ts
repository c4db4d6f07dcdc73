import { at } from '../../shared/at.ts';
import type { CompiledSpareRoom } from '../compile/compiled.ts';
import type { SearchState } from './search-state.ts';

/**
 * 1 for hosts that take servers at the end: of those that have become empty only as many as each zone keeps open, by
 * name, after those that were empty before.
 */
export function openAfter(
  { zoneOf, ready, keptOpen, byName }: CompiledSpareRoom,
  mustEmpty: Uint8Array,
  { problem, serversOn }: SearchState,
): Uint8Array {
  const { hosts, start } = problem;
  const open = Uint8Array.from(hosts.keys(), (h) => Number(mustEmpty[h] === 0));
  if (keptOpen === Infinity) return open;
  const hadServers = new Uint8Array(hosts.length);
  for (const h of start) hadServers[h] = 1;
  const spares = new Map<number, number>();
  const sparesIn = (h: number): number => spares.get(at(zoneOf, h)) ?? 0;
  const count = (h: number): void => void spares.set(at(zoneOf, h), sparesIn(h) + 1);
  const isEmpty = (h: number): boolean => at(serversOn, h).length === 0 && mustEmpty[h] === 0;
  for (const h of hosts.keys()) if (isEmpty(h) && hadServers[h] === 0 && ready[h] === 1) count(h);
  for (const h of byName) {
    if (!isEmpty(h) || hadServers[h] === 0) continue;
    if (ready[h] === 1 && sparesIn(h) < keptOpen) count(h);
    else open[h] = 0;
  }
  return open;
}

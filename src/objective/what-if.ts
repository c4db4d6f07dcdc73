import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationVolume } from './evaluation.ts';
import type { Goal, Term } from './goal.ts';
import {
  shiftOfFreeSlots,
  shiftOfHighestLoad,
  shiftOfHostsUsed,
  shiftOfLoad,
  shiftOfStranded,
} from './host-shifts.ts';
import { loadAbove, loadAboveMean } from './host-terms.ts';
import type { Facts } from './measure.ts';
import { migrationPrices } from './move-terms.ts';
import type { Ending, Shift } from './shift.ts';
import {
  shiftOfCloseness,
  shiftOfGroups,
  shiftOfMostMoved,
  shiftOfRoutes,
  shiftOfSpread,
} from './set-shifts.ts';
import { serversCounted } from './set-terms.ts';

/**
 * By how much each term of the goal, in its order, would be above its value if one server ended on `to` instead: the
 * difference of two `evaluate`s, of which only what the server touches is looked at.
 */
export type WhatIf = (
  server: ServerId,
  to: HostId,
  migrations: readonly MigrationVolume[],
) => readonly number[];

/** Reads the cloud once; each question then costs about as much as two hosts do. */
export function createWhatIf({ terms }: Pick<Goal, 'terms'>, facts: Facts, ending: Ending): WhatIf {
  const shifts = terms.map((term) => shiftOf(term, facts, ending));
  return (server, to, migrations) => {
    const from = ending.end.get(server);
    if (from === undefined) return shifts.map(() => 0);
    const change = { server, from, to, migrations };
    return shifts.map((shift) => shift(change));
  };
}

function shiftOf(term: Term, facts: Facts, ending: Ending): Shift {
  const { loads } = facts;
  switch (term.kind) {
    case 'hosts-used':
      return shiftOfHostsUsed(term, facts, ending);
    case 'load-above':
      return shiftOfLoad(term, loadAbove(term, facts), (resource) => loads.holders(resource), loads, ending);
    case 'load-above-mean':
      return shiftOfLoad(
        term,
        loadAboveMean(term, loads, ending.start),
        (resource) => loads.receivers(resource),
        loads,
        ending,
      );
    case 'highest-load':
      return shiftOfHighestLoad(term, loads, ending);
    case 'stranded-capacity':
      return shiftOfStranded(term, loads, ending);
    case 'free-slots':
      return shiftOfFreeSlots(term, facts, ending);
    case 'spread':
      return shiftOfSpread(term, facts, ending);
    case 'group-violations':
      return shiftOfGroups(term, facts, ending);
    case 'closeness':
      return shiftOfCloseness(term, facts, ending);
    case 'route-cost':
      return shiftOfRoutes(term, facts, ending);
    case 'most-moved':
      return shiftOfMostMoved(term, facts, ending);
    case 'servers-left': {
      const hosts = facts.selectors.hosts(term.hosts);
      const servers = serversCounted(term, facts.selectors);
      const counts = (host: HostId): number => (hosts.has(host) ? term.weight : 0);
      return ({ server, from, to }) => (servers.has(server) ? counts(to) - counts(from) : 0);
    }
    case 'migration-cost': {
      const priceOf = migrationPrices(term, facts);
      const costOf = (volumes: readonly MigrationVolume[]): number =>
        volumes.reduce((sum, volume) => sum + priceOf(volume), 0);
      return ({ server, migrations }) => costOf(migrations) - costOf(ending.migrationsOf(server));
    }
  }
}

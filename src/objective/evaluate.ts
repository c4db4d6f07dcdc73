import type { Demands } from '../constraints/demand.ts';
import type { Assignment, Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { type Evaluation, type MigrationVolume, roundObjective, type TermValue } from './evaluation.ts';
import type { Goal, LoadAboveMean, MigrationCost, Term } from './goal.ts';
import { type LoadTable, loadTable } from './loads.ts';

/** What a goal is worth on one cloud; compiled once, asked often. */
export interface Objective {
  readonly goal: Goal;
  /** Value of `before` and `after`; `migrations` are those of the plan, stop-overs included. */
  evaluate(before: Assignment, after: Assignment, migrations: readonly MigrationVolume[]): Evaluation;
}

/** The value of an assignment under a goal: Σ of its terms (formulas at the terms, `objective/goal.ts`). */
export function createObjective(goal: Goal, cloud: Cloud, demands: Demands): Objective {
  const loads = loadTable(cloud, demands);
  return {
    goal,
    evaluate(before, after, migrations) {
      const terms: TermValue[] = goal.terms.map((term) => ({
        kind: term.kind,
        before: roundObjective(valueOf(term, before, [], loads, before)),
        after: roundObjective(valueOf(term, after, migrations, loads, before)),
      }));
      const sum = (pick: (t: TermValue) => number): number =>
        roundObjective(terms.reduce((s, t) => s + pick(t), 0));
      return { before: sum((t) => t.before), after: sum((t) => t.after), terms };
    },
  };
}

/** What it costs to copy this volume: perMove + perGiB × GiB. */
export const migrationCost = (term: MigrationCost, volume: MigrationVolume): number =>
  term.perMove + term.perGiB * (volume.memoryMiB / 1024 + volume.diskGiB);

/** mean(r): Σ used / Σ capacity in percent over the receivers, with today's assignment. */
export function meanLoadPercent(loads: LoadTable, resource: string, start: Assignment): number {
  const receivers = new Set(loads.receivers(resource));
  let used = 0;
  let capacity = 0;
  for (const host of receivers) {
    used += loads.foreign(host, resource);
    capacity += loads.capacity(host, resource);
  }
  for (const [server, host] of start) if (receivers.has(host)) used += loads.amount(server, host, resource);
  return capacity === 0 ? 0 : (100 * used) / capacity;
}

function valueOf(
  term: Term,
  at: Assignment,
  migrations: readonly MigrationVolume[],
  loads: LoadTable,
  start: Assignment,
): number {
  switch (term.kind) {
    case 'hosts-used':
      return term.weight * new Set(at.values()).size;
    case 'migration-cost':
      return migrations.reduce((sum, volume) => sum + migrationCost(term, volume), 0);
    case 'load-above-mean':
      return loadAboveMean(term, at, loads, start);
  }
}

function loadAboveMean(term: LoadAboveMean, at: Assignment, loads: LoadTable, start: Assignment): number {
  let sum = 0;
  for (const resource of term.resources) {
    const mean = meanLoadPercent(loads, resource, start);
    const used = usedByHost(at, loads, resource);
    for (const host of loads.receivers(resource)) {
      const load =
        (100 * ((used.get(host) ?? 0) + loads.foreign(host, resource))) / loads.capacity(host, resource);
      for (const { abovePercent, slope } of term.thresholds)
        sum += slope * Math.max(0, load - mean - abovePercent);
    }
  }
  return term.weight * sum;
}

function usedByHost(at: Assignment, loads: LoadTable, resource: string): Map<HostId, number> {
  const used = new Map<HostId, number>();
  const amount = (server: ServerId, host: HostId): number => loads.amount(server, host, resource);
  for (const [server, host] of at) used.set(host, (used.get(host) ?? 0) + amount(server, host));
  return used;
}

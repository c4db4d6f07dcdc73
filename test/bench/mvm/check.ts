import type { MvmInstance, MvmMigration } from './instance.ts';

/** A migration of the schedule that is written; seconds since the start. */
export interface Scheduled {
  readonly vm: string;
  readonly start: number;
  readonly end: number;
}

export interface MvmVerdict {
  readonly makespan: number;
  readonly sumOfEnds: number;
  /** What breaks the model; anything is a bug. */
  readonly broken: readonly string[];
}

/**
 * Judges a schedule by mVM's model, with nothing of the search: each migration once, as long as the model says; links
 * carry in each direction no more than they can; nodes hold a VM from its start at the destination, and at the source
 * until its end.
 */
export function checkMvm(instance: MvmInstance, schedule: readonly Scheduled[]): MvmVerdict {
  const byVm = new Map(schedule.map((one) => [one.vm, one]));
  const flows = instance.migrations.flatMap((migration) => {
    const times = byVm.get(migration.vm);
    return times === undefined ? [] : [{ migration, ...times, mbps: bandwidth(migration, instance) }];
  });
  const broken: string[] = [];
  if (schedule.length !== instance.migrations.length || flows.length !== schedule.length)
    broken.push(`${schedule.length} scheduled, ${instance.migrations.length} wanted`);
  for (const { migration, start, end, mbps } of flows)
    if (start < 0 || end - start !== duration(migration, mbps))
      broken.push(`VM ${migration.vm} runs from ${start} to ${end}`);
  const links = [
    ...[...instance.linkMbps].map(([node, mbps]) => ({ name: node, mbps, nodes: new Set([node]) })),
    ...instance.uplinks,
  ];
  for (const { name, mbps, nodes } of links)
    for (const way of ['from', 'to'] as const) {
      const other = way === 'from' ? 'to' : 'from';
      const crossing = flows.filter((f) => nodes.has(f.migration[way]) && !nodes.has(f.migration[other]));
      const most = highest(
        crossing.flatMap((f) => [
          { at: f.start, by: f.mbps },
          { at: f.end, by: -f.mbps },
        ]),
      );
      if (most > mbps) broken.push(`link ${name} ${way}: ${most} Mbit/s, has ${mbps}`);
    }
  for (const { name, needOf, freeOn } of instance.amounts)
    for (const [node, free] of freeOn) {
      const changes = flows.flatMap(({ migration: { vm, from, to }, start, end }) => [
        ...(to === node ? [{ at: start, by: needOf.get(vm) ?? 0 }] : []),
        ...(from === node ? [{ at: end, by: -(needOf.get(vm) ?? 0) }] : []),
      ]);
      const most = highest(changes);
      if (most > free) broken.push(`${name} of node ${node}: ${most} more than at the start, has ${free}`);
    }
  const ends = schedule.map(({ end }) => end);
  return { makespan: Math.max(0, ...ends), sumOfEnds: ends.reduce((sum, end) => sum + end, 0), broken };
}

/** The highest level; what ends at an instant is gone before others start. */
function highest(changes: readonly { readonly at: number; readonly by: number }[]): number {
  let level = 0;
  let most = 0;
  for (const { by } of [...changes].sort((a, b) => (a.at === b.at ? a.by - b.by : a.at - b.at))) {
    level += by;
    most = Math.max(most, level);
  }
  return most;
}

function bandwidth({ from, to }: MvmMigration, { linkMbps, uplinks }: MvmInstance): number {
  let least = Math.min(linkMbps.get(from) ?? 0, linkMbps.get(to) ?? 0);
  for (const { mbps, nodes } of uplinks) if (nodes.has(from) !== nodes.has(to)) least = Math.min(least, mbps);
  return least;
}

/** Whole seconds of mVM's pre-copy model, written down once more. */
function duration({ memoryMB, hotMB, hotSeconds, coldMBps }: MvmMigration, mbps: number): number {
  const o = Math.trunc(mbps / 9);
  const first = memoryMB / o;
  const hot = hotMB / hotSeconds;
  if (first <= hotSeconds) return Math.max(1, Math.round(first + (hot * first) / (o - hot)));
  const cold = (hotMB + (first - hotSeconds) * coldMBps) / (o - coldMBps);
  return Math.max(1, Math.round(first + cold + ((hotMB / o) * hot) / (o - hot)));
}

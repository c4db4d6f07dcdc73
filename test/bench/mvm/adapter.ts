import type { Task, TimetableProblem } from '../../../src/schedule/timetable/problem.ts';
import type { MvmInstance, MvmMigration } from './instance.ts';

/** An instance in the terms of the timetable: links are resources each way, amounts of nodes are rooms. */
export function toTimetable(instance: MvmInstance): TimetableProblem {
  const { linkMbps, uplinks, amounts, migrations } = instance;
  return {
    resources: [
      ...[...linkMbps].map(([node, mbps]) => ({ name: node, mbps })),
      ...uplinks.map(({ name, mbps }) => ({ name, mbps })),
    ].flatMap(({ name, mbps }) => [
      { name: `out ${name}`, capacity: mbps },
      { name: `in ${name}`, capacity: mbps },
    ]),
    rooms: amounts.flatMap(({ name, freeOn }) =>
      [...freeOn].map(([node, left]) => ({ name: `${name} ${node}`, left })),
    ),
    tasks: migrations.map((migration) => toTask(migration, instance)),
  };
}

function toTask(migration: MvmMigration, instance: MvmInstance): Task {
  const { vm, from, to } = migration;
  const mbps = pathMbps(migration, instance);
  const out = instance.uplinks.filter(({ nodes }) => nodes.has(from) && !nodes.has(to));
  const into = instance.uplinks.filter(({ nodes }) => nodes.has(to) && !nodes.has(from));
  const needs = instance.amounts.map(({ name, needOf }) => ({ name, amount: needOf.get(vm) ?? 0 }));
  return {
    id: vm,
    seconds: secondsOf(migration, mbps),
    after: [],
    uses: [
      ...[from, ...out.map(({ name }) => name)].map((name) => ({ resource: `out ${name}`, amount: mbps })),
      ...[to, ...into.map(({ name }) => name)].map((name) => ({ resource: `in ${name}`, amount: mbps })),
    ],
    takes: needs.map(({ name, amount }) => ({ room: `${name} ${to}`, amount })),
    frees: needs.map(({ name, amount }) => ({ room: `${name} ${from}`, amount })),
  };
}

/** The least link on the way: mVM gives a migration all of it. */
export function pathMbps({ from, to }: MvmMigration, { linkMbps, uplinks }: MvmInstance): number {
  const passed = uplinks.filter(({ nodes }) => nodes.has(from) !== nodes.has(to)).map(({ mbps }) => mbps);
  return Math.min(linkMbps.get(from) ?? 0, linkMbps.get(to) ?? 0, ...passed);
}

/**
 * mVM's model: with o = ⌊bandwidth / 9⌋ MB/s (whole, as its own plans show) and t0 = memory / o,
 *
 *     d = t0 + (hot + (t0 − hd) · c) / (o − c) + hot / o · (hot / hd) / (o − hot / hd)      if t0 > hd
 *     d = t0 + (hot / hd · t0) / (o − hot / hd)                                           else
 *
 * rounded, at least 1 s.
 */
export function secondsOf(migration: MvmMigration, mbps: number): number {
  const { memoryMB, hotMB, hotSeconds, coldMBps } = migration;
  const o = Math.floor(mbps / 9);
  const t0 = memoryMB / o;
  const hotMBps = hotMB / hotSeconds;
  const d =
    t0 > hotSeconds
      ? t0 + (hotMB + (t0 - hotSeconds) * coldMBps) / (o - coldMBps) + ((hotMB / o) * hotMBps) / (o - hotMBps)
      : t0 + (hotMBps * t0) / (o - hotMBps);
  return Math.max(1, Math.round(d));
}

import { createCalendar } from '../replay/calendar/calendar.ts';
import { overlapping } from '../replay/calendar/intervals.ts';
import type { Cloud } from '../model/cloud.ts';
import { groupBy } from '../shared/collections.ts';
import { latestEnd } from '../shared/latest-end.ts';
import type { Finding } from './finding.ts';
import type { MigrationStep, Plan, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/** Bandwidths are divided, and times need not add up to the last bit. */
const tolerance = 1e-6;

/**
 * Whether the timetable keeps to the operator's calendar: no migration or confirm runs in a time that is closed for it, all is
 * done by the deadline, and members of a server group keep their distance in time.
 */
export function checkCalendar(plan: Plan, cloud: Cloud): readonly Finding[] {
  const migrations = plan.steps.filter(isMigration);
  const confirms = plan.steps.flatMap((step) => confirmTrip(step, migrations));
  const { calendar, apartSeconds } = plan.basedOn.options;
  return [
    ...(calendar === undefined ? [] : checkTimes([...migrations, ...confirms], calendar, cloud)),
    ...(apartSeconds === undefined ? [] : checkApart(migrations, apartSeconds, cloud)),
  ];
}

/** Something that runs between two hosts, and when. */
type Timed = Pick<MigrationStep, 'id' | 'server' | 'from' | 'to' | 'startSeconds' | 'endSeconds'>;

/** A confirm of a cold migration, which runs on the hosts of that one. */
function confirmTrip(step: Step, migrations: readonly MigrationStep[]): readonly Timed[] {
  if (step.kind !== 'confirm') return [];
  const { id, of, server, startSeconds, endSeconds } = step;
  const cold = migrations.find((one) => one.id === of);
  return cold === undefined ? [] : [{ id, server, from: cold.from, to: cold.to, startSeconds, endSeconds }];
}

function checkTimes(
  timed: readonly Timed[],
  options: NonNullable<Plan['basedOn']['options']['calendar']>,
  cloud: Cloud,
): readonly Finding[] {
  const calendar = createCalendar(options, cloud);
  const last = latestEnd(timed);
  const limit = calendar.deadlineSeconds ?? Infinity;
  const closed = timed.flatMap(({ id, server, from, to, startSeconds, endSeconds }): readonly Finding[] => {
    const shut = overlapping(
      calendar.closed(server, from, to),
      startSeconds + tolerance,
      endSeconds - tolerance,
    );
    if (shut === undefined) return [];
    const text = `runs from ${startSeconds} s to ${endSeconds} s, closed from ${shut.from} s to ${shut.to} s`;
    return [{ code: 'calendar', step: id, text }];
  });
  if (last <= limit + tolerance) return closed;
  const text = `the last step of the migrations ends ${last} s after the start, the deadline is at ${limit} s`;
  return [...closed, { code: 'deadline', text, measured: last, limit }];
}

function checkApart(migrations: readonly MigrationStep[], gap: number, cloud: Cloud): readonly Finding[] {
  const byGroup = groupBy(migrations, ({ server }) => cloud.servers.get(server)?.group);
  return [...byGroup].flatMap(([group, members]): readonly Finding[] => {
    if (group === undefined) return [];
    const inTurn = members.toSorted((a, b) => a.startSeconds - b.startSeconds);
    return inTurn.flatMap((step, index): readonly Finding[] => {
      const before = inTurn[index - 1];
      if (before === undefined) return [];
      const measured = step.startSeconds - before.endSeconds;
      if (measured >= gap - tolerance) return [];
      const text = `starts ${measured} s after ${before.id} of the same server group has ended, ${gap} s apart was asked`;
      return [{ code: 'calendar', step: step.id, text, measured, limit: gap }];
    });
  });
}

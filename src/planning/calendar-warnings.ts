import type { Step, Warning } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { overlapping } from '../replay/calendar/intervals.ts';
import type { Run } from './run.ts';

/** Migrations that keep to the calendar as expected, and would not if they took as long as they can. */
export function calendarWarnings({ calendar }: Run, steps: readonly Step[]): readonly Warning[] {
  if (calendar === undefined) return [];
  const { deadlineSeconds = Infinity } = calendar;
  const long = steps
    .filter(isMigration)
    .map((step) => ({ ...step, latest: step.startSeconds + step.predicted.seconds.high }));
  const outside = long.filter(({ server, from, to, startSeconds, latest }) =>
    overlapping(calendar.closed(server, from, to), startSeconds, latest),
  );
  const late = long.filter(({ latest }) => latest > deadlineSeconds);
  return [
    ...warning('plan.window', 'run on into a closed time, if they take as long as they can', outside),
    ...warning('plan.deadline', 'end after the deadline, if they take as long as they can', late),
  ];
}

const warning = (
  code: string,
  text: string,
  steps: readonly { readonly id: string }[],
): readonly Warning[] =>
  steps.length === 0
    ? []
    : [{ code, text: `${steps.length} of the migrations would ${text}`, steps: steps.map(({ id }) => id) }];

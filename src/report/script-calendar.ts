import type { MigrationStep, Plan } from '../plan/plan.ts';
import { isMigration } from './step-words.ts';

/** What a plan asks of the clock, in seconds since 1970, as scripts look at it. */
export interface ScriptClock {
  readonly startsAt: number;
  /** East of UTC. */
  readonly offsetSeconds: number;
  /** Seconds after midnight; past it beyond 86,400. Empty: any time. */
  readonly windows: readonly { readonly from: number; readonly to: number }[];
  /** Days on which windows open, Sunday is 0. */
  readonly days: readonly number[];
  readonly freezes: readonly { readonly from: number; readonly to: number }[];
  /** An instant, or seconds from the start of the script. */
  readonly deadline?: { readonly kind: 'at' | 'after'; readonly seconds: number };
  readonly apartSeconds?: number;
}

/** What a plan asks of the clock, one line each. Empty where it asks nothing. */
export function clockLines({ basedOn: { options } }: Plan): readonly string[] {
  const { calendar, apartSeconds } = options;
  const ofCalendar =
    calendar === undefined
      ? []
      : [
          `start: ${calendar.startsAt}`,
          ...calendar.windows.map((window) => `window: ${window} at ${calendar.timezone}`),
          ...(calendar.days.length === 0 ? [] : [`days: ${calendar.days.join(', ')}`]),
          ...calendar.freezes.map(({ of, from, to }) => `freeze: ${of} from ${from} to ${to}`),
          ...(calendar.deadline === undefined ? [] : [`deadline: ${calendar.deadline}`]),
        ];
  const apart = apartSeconds === undefined ? [] : [`apart: ${apartSeconds} s between members of a group`];
  return [...ofCalendar, ...apart];
}

/** What one step waits for. */
export interface StepClock {
  /** Expected seconds that have to fit into the window, the confirm of a cold migration with them. */
  readonly seconds: number;
  /** `from-to`, in seconds since 1970: it may be frozen then. */
  readonly freezes: readonly string[];
  /** The step after whose end it keeps the distance; of the same group it may be. */
  readonly apartFrom?: string;
}

/**
 * What a migration waits for. A script does not know who is frozen or who shares a group, but the plan's own times tell
 * who is not: a step that is planned within a freeze is not frozen by it, and one that is planned sooner after another
 * than the distance shares no group with it. For all others both are kept.
 */
export function clockOf(step: MigrationStep, plan: Plan, clock: ScriptClock): StepClock {
  const confirm = plan.steps.find((other) => other.kind === 'confirm' && other.of === step.id);
  const end = confirm?.endSeconds ?? step.endSeconds;
  const planned = { from: clock.startsAt + step.startSeconds, to: clock.startsAt + end };
  const { apartSeconds } = clock;
  const at = plan.steps.indexOf(step);
  const before = plan.steps.slice(0, at).filter(isMigration);
  const apart =
    apartSeconds === undefined
      ? undefined
      : before.findLast(
          (other) => other.server !== step.server && step.startSeconds - other.endSeconds >= apartSeconds,
        );
  return {
    seconds: Math.ceil(end - step.startSeconds),
    freezes: clock.freezes
      .filter(({ from, to }) => planned.to <= from || planned.from >= to)
      .map(({ from, to }) => `${from}-${to}`),
    ...(apart !== undefined && { apartFrom: apart.id }),
  };
}

/**
 * The settings of `clockFunctions` for a plan.
 *
 * @param begun what gives, in bash, the instant from which on a deadline counts that is a duration
 */
export const clockSettings = (
  { days, deadline, offsetSeconds, startsAt, windows, apartSeconds }: ScriptClock,
  begun = '$(date +%s)',
): string =>
  `starts_at=${startsAt} offset=${offsetSeconds} apart=${apartSeconds ?? 0}
windows='${windows.map(({ from, to }) => `${from}-${to}`).join(' ')}'
window_days='${(days.length === 0 ? [0, 1, 2, 3, 4, 5, 6] : days).join(' ')}'
deadline=${deadline === undefined ? "''" : deadline.kind === 'at' ? deadline.seconds : `"$((${begun} + ${deadline.seconds}))"`}
outside="\${PLANNER_OUTSIDE:-wait}"
clock_seconds="\${PLANNER_CLOCK_SECONDS:-30}"
`;

/**
 * Functions of an exported script that look at the clock; `log` and `stop` are there already. Seconds since 1970 and
 * POSIX arithmetic only.
 */
export const clockFunctions = String.raw`
# window_left SECONDS: for how long after this instant a window is open; 0 outside.
window_left() {
  local now="$1" back day second weekday pair left=0
  for back in 0 1; do
    day=$(((now + offset) / 86400 - back))
    second=$((now + offset - day * 86400))
    weekday=$(((day + 4) % 7))
    case " $window_days " in *" $weekday "*) ;; *) continue ;; esac
    for pair in $windows; do
      if [ "$second" -ge "${'$'}{pair%-*}" ] && [ "$second" -lt "${'$'}{pair#*-}" ] && [ "$left" -lt "$((${'$'}{pair#*-} - second))" ]; then
        left=$((${'$'}{pair#*-} - second))
      fi
    done
  done
  printf '%s\n' "$left"
}

# open_for SECONDS NEEDED: whether windows are open from this instant on for so long; one may follow on another.
open_for() {
  local at="$1" until=$(($1 + $2)) left
  [ -n "$windows" ] || return 0
  while :; do
    left="$(window_left "$at")"
    [ "$left" -gt 0 ] || return 1
    at=$((at + left))
    [ "$at" -lt "$until" ] || return 0
  done
}

# why_wait NOW SECONDS 'FREEZES' READY: what keeps a step of so many seconds from starting now.
why_wait() {
  local pair
  if [ "$1" -lt "$starts_at" ]; then printf 'the start of the plan\n'; return 0; fi
  if ! open_for "$1" "$2"; then printf 'a window of the plan (for %s s)\n' "$2"; return 0; fi
  for pair in $3; do
    if [ "$1" -lt "${'$'}{pair#*-}" ] && [ "$(($1 + $2))" -gt "${'$'}{pair%-*}" ]; then printf 'the end of a freeze\n'; return 0; fi
  done
  if [ "$1" -lt "$4" ]; then printf 'the distance between members of a group\n'; fi
}

# keep_clock SECONDS 'FREEZES' READY: waits until a step of so many seconds may start. Sets waited where it did.
keep_clock() {
  local now why said=''
  waited=''
  [ "$outside" != ignore ] || return 0
  while :; do
    now="$(date +%s)"
    if [ -n "$deadline" ] && [ "$((now + $1))" -gt "$deadline" ]; then
      stop "it would end after the deadline of the plan; plan the rest again, or set PLANNER_OUTSIDE=ignore"
    fi
    why="$(why_wait "$now" "$1" "$2" "$3")"
    [ -n "$why" ] || return 0
    [ "$outside" = wait ] || stop "it is to wait for $why"
    [ "$why" = "$said" ] || log "waits for $why"
    said="$why"
    waited=yes
    sleep "$clock_seconds"
  done
}
`;

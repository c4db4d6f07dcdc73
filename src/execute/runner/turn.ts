import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import { type HostId, serverId, type ServerId } from '../../model/ids.ts';
import { instantText } from '../../replay/calendar/instants.ts';
import { type RunState, stepState } from './run-state.ts';
import type { RunSettings } from './settings.ts';

/** Whether the clock lets a step be requested. */
export type Turn =
  | { readonly kind: 'now' }
  /** Not before then, in milliseconds since 1970. */
  | { readonly kind: 'later'; readonly at: number; readonly text: string }
  | { readonly kind: 'never'; readonly text: string };

/** What a step occupies: a server on its way between two hosts, for so long. */
interface Trip {
  readonly server: ServerId;
  readonly from: HostId;
  readonly to: HostId;
  readonly seconds: number;
}

const now: Turn = { kind: 'now' };

/**
 * Whether a step may be requested by the clock: it has to be over while its window is open, outside of freezes, by the
 * deadline, and some time after the last member of its server group.
 *
 * @param time milliseconds since 1970
 */
export function turnOf(step: Step, plan: Plan, run: RunState, settings: RunSettings, time: number): Turn {
  const trip = tripOf(step, plan, settings);
  const { deadline } = settings;
  if (trip === undefined) return now;
  const free = Math.max(time, isMigration(step) ? apartFrom(step, plan, run, settings) : time);
  if (free === Infinity)
    return { kind: 'later', at: Infinity, text: `${step.id} waits for its server group` };
  const at = opensAt(trip, settings, free);
  if (at === Infinity) {
    const text = `${step.id} takes ${Math.ceil(trip.seconds)} s, and no window is open for so long`;
    return { kind: 'never', text };
  }
  if (deadline !== undefined && at + trip.seconds * 1000 > deadline) return tooLate(step);
  if (at <= time) return now;
  const until = instantText(Math.ceil(at / 1000), settings.calendar?.timezone ?? 'UTC');
  const what = at > free ? 'the calendar lets it run' : 'the last server of its group is long enough away';
  return { kind: 'later', at, text: `waits until ${until}: not before that ${what} (${step.id})` };
}

const tooLate = ({ id }: Step): Turn => ({
  kind: 'never',
  text: `${id} would not be over by the deadline`,
});

/** Undefined for what ends something that was begun in time, and for what bothers nobody. */
function tripOf(step: Step, plan: Plan, settings: RunSettings): Trip | undefined {
  const { steps } = plan;
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return migrationTrip(step, plan, settings);
    case 'disable-service': {
      const leaving = steps.filter(isMigration).filter(({ from }) => from === step.host);
      const shortest = Math.min(...leaving.map((one) => migrationTrip(one, plan, settings).seconds));
      const seconds = leaving.length === 0 ? 0 : shortest;
      return { server: serverId(''), from: step.host, to: step.host, seconds };
    }
    case 'stop':
    case 'start': {
      const moved = steps.filter(isMigration).find(({ server }) => server === step.server);
      if (moved === undefined) return undefined;
      return { server: step.server, from: moved.from, to: moved.to, seconds: lengthOf(step) };
    }
    case 'confirm':
    case 'enable-service':
    case 'wait':
      return undefined;
  }
}

/** A cold migration is over when it is confirmed. */
function migrationTrip(step: MigrationStep, { steps }: Plan, { timesBy }: RunSettings): Trip {
  const { id, server, from, to, predicted } = step;
  const confirm =
    step.kind === 'cold' ? steps.find((one) => one.kind === 'confirm' && one.of === id) : undefined;
  const after = confirm === undefined ? 0 : lengthOf(confirm);
  return { server, from, to, seconds: predicted.seconds[timesBy] + after };
}

const lengthOf = ({ startSeconds, endSeconds }: Step): number => Math.max(0, endSeconds - startSeconds);

/** Milliseconds since 1970 from which on the calendar has it closed for nobody that long; Infinity: never. */
function opensAt(trip: Trip, { calendar }: RunSettings, free: number): number {
  if (calendar === undefined) return free;
  const { startsAt, calendar: times } = calendar;
  return startsAt + times.opensAt(trip, (free - startsAt) / 1000, trip.seconds) * 1000;
}

/** When its server group lets it go; Infinity while another member is on its way. */
function apartFrom(step: MigrationStep, { steps }: Plan, run: RunState, { apart }: RunSettings): number {
  const group = apart?.groupOf(step.server);
  if (apart === undefined || group === undefined) return 0;
  const isOther = (server: ServerId): boolean => server !== step.server && apart.groupOf(server) === group;
  const others = steps.filter(isMigration).filter(({ server }) => isOther(server));
  const states = others.map(({ id }) => stepState(run, id));
  if (states.some(({ phase }) => phase === 'running')) return Infinity;
  const earlier = run.earlier.filter(({ server }) => isOther(serverId(server)));
  const ends = [...states.flatMap(({ endedAt }) => endedAt ?? []), ...earlier.map(({ at }) => at)];
  return Math.max(0, ...ends) + apart.seconds * 1000;
}

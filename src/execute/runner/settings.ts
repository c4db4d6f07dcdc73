import type { ServerId } from '../../model/ids.ts';
import type { Step } from '../../plan/plan.ts';
import type { Calendar } from '../../replay/calendar/calendar.ts';

/** How a plan is to be carried out. */
export interface RunSettings {
  /**
   * After a failure: no more requests, go on with steps that do not depend on it, or plan the rest again where none of
   * these is left.
   */
  readonly onFailure: 'stop' | 'continue' | 'replan';
  /** So many failures end the run, whatever `onFailure` says; or the plan, where the rest is planned again. */
  readonly maxFailures: number;
  /** How often the rest may be planned again. */
  readonly maxReplans: number;
  /** Who confirms cold migrations; the plan says where this is absent. */
  readonly confirm?: 'auto' | 'after-check' | 'manual';
  /** What becomes of live migrations that take too long; the plan says where this is absent. */
  readonly onTimeout?: 'abort' | 'force-complete' | 'wait';
  /** Migrations at a time. */
  readonly maxParallel?: number;
  /** Hosts of which the operator has said that nothing runs on them any more. */
  readonly fenced: ReadonlySet<string>;
  /** Most seconds between two looks at what is on its way. */
  readonly pollSeconds: number;
  /**
   * By when the scheduler knows of a server that has left a host: the longer of Nova's defaults of
   * `update_resources_interval` (60 s) and `scheduler_instance_sync_interval` (120 s). The source of a live migration
   * tells nobody that the server is gone, and ServerGroupAntiAffinityFilter goes by the list that is compared then
   * (nova/compute/manager.py, nova/scheduler/host_manager.py).
   */
  readonly releaseSeenSeconds: number;
  /** Seconds that a nova-compute may be down until what it was doing is given up. */
  readonly downSeconds: number;
  /** Longest wait for a step in seconds; from what the plan expects where absent. */
  readonly timeoutSeconds?: number;
  /** Milliseconds since 1970 after which nothing is requested that would not be over by then. */
  readonly deadline?: number;
  /** By which of its predicted times a migration has to be over in its window, and by the deadline. */
  readonly timesBy: 'expected' | 'high';
  /** Windows and freezes; absent where any time is as good. */
  readonly calendar?: RunCalendar;
  /** Time between the end of one member of a server group and the request of the next. */
  readonly apart?: {
    readonly seconds: number;
    readonly groupOf: (server: ServerId) => string | undefined;
  };
}

/** A calendar on the clock. */
export interface RunCalendar {
  readonly calendar: Calendar;
  /** Milliseconds since 1970 of its second 0. */
  readonly startsAt: number;
  /** Offset from UTC by which its times are told. */
  readonly timezone: string;
}

/** What an operator gets who says nothing. */
export const usualSettings: RunSettings = {
  onFailure: 'stop',
  maxFailures: 1,
  maxReplans: 3,
  fenced: new Set(),
  pollSeconds: 0.75,
  releaseSeenSeconds: 120,
  downSeconds: 60,
  timesBy: 'expected',
};

/** Longest wait for a step in seconds: three times what the plan expects at most, and ten minutes. */
export const limitSeconds = (step: Step, { timeoutSeconds }: Pick<RunSettings, 'timeoutSeconds'>): number =>
  timeoutSeconds ?? ('predicted' in step ? Math.ceil(step.predicted.seconds.high * 3) + 600 : 600);

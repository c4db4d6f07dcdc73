import type { Plan, PlanTimetable, Step } from '../plan/plan.ts';
import { startWords } from './show-plan.ts';
import { isMigration } from './step-words.ts';

/** What a line of a timeline stands for. */
export const timelineKinds = ['step', 'host', 'server', 'link'] as const;
export type TimelineBy = (typeof timelineKinds)[number];

/** One step on a line, from its request to its end. Seconds count from the start of the plan. */
export interface TimelineBar {
  readonly step: string;
  readonly kind: Step['kind'];
  /** First leg of a move through a bypass host. */
  readonly stopOver: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface TimelineRow {
  /** Of a step, host, server or link; as it is, not made safe to print. */
  readonly name: string;
  readonly bars: readonly TimelineBar[];
}

/** When each step of a plan runs. */
export interface Timeline {
  readonly plan: string;
  readonly by: TimelineBy;
  /** When second 0 is and what calendar it keeps to, in words; absent without a calendar. */
  readonly starts?: string;
  readonly makespanSeconds: number;
  readonly boundSeconds?: number;
  readonly outcome?: 'optimal' | 'feasible';
  readonly waves: readonly Omit<PlanTimetable['waves'][number], 'steps'>[];
  /** By the first start; of steps in the order of the plan where that is equal. */
  readonly rows: readonly TimelineRow[];
}

/** A plan's timetable, a line a step, host, server or link. */
export function timelineOf(plan: Plan, by: TimelineBy): Timeline {
  const { makespanSeconds, boundSeconds, outcome, waves } = plan.timetable;
  const { calendar } = plan.basedOn.options;
  return {
    plan: plan.id,
    by,
    ...(calendar !== undefined && { starts: startWords(calendar) }),
    makespanSeconds,
    ...(boundSeconds !== undefined && { boundSeconds }),
    ...(outcome !== undefined && { outcome }),
    waves: waves.map(({ wave, startSeconds, endSeconds }) => ({ wave, startSeconds, endSeconds })),
    rows: rowsOf(plan, by).toSorted((a, b) => firstStart(a) - firstStart(b)),
  };
}

const firstStart = ({ bars }: TimelineRow): number =>
  bars.reduce((first, { startSeconds }) => Math.min(first, startSeconds), Infinity);

function rowsOf(plan: Plan, by: TimelineBy): readonly TimelineRow[] {
  switch (by) {
    case 'step':
      return plan.steps.map((step) => ({ name: stepName(step), bars: [barOf(step)] }));
    case 'host':
      return grouped(plan.steps, hostsOf);
    case 'server':
      return grouped(plan.steps, (step) =>
        'server' in step ? [step.serverName === '' ? step.server : step.serverName] : [],
      );
    case 'link':
      return linkRows(plan);
  }
}

function stepName(step: Step): string {
  if (isMigration(step)) return `${step.id} ${step.serverName} ${step.from} → ${step.to}`;
  if ('server' in step) return `${step.id} ${step.kind} ${step.serverName}`;
  return 'host' in step ? `${step.id} ${step.kind} ${step.host}` : `${step.id} ${step.kind}`;
}

/** What leaves a host and what comes to it are lines of their own: they do not get into each other's way. */
const hostsOf = (step: Step): readonly string[] => {
  if (isMigration(step)) return [`${step.from} →`, `→ ${step.to}`];
  return 'host' in step ? [`${step.host} →`] : [];
};

function grouped(steps: readonly Step[], namesOf: (step: Step) => readonly string[]): readonly TimelineRow[] {
  const rows = new Map<string, TimelineBar[]>();
  for (const step of steps)
    for (const name of namesOf(step)) {
      const bars = rows.get(name);
      if (bars === undefined) rows.set(name, [barOf(step)]);
      else bars.push(barOf(step));
    }
  return [...rows].map(([name, bars]) => ({ name, bars }));
}

function linkRows({ steps, timetable }: Plan): readonly TimelineRow[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return timetable.links.map(({ link, steps: crossing }) => ({
    name: link,
    bars: crossing.flatMap((id) => {
      const step = byId.get(id);
      return step === undefined ? [] : [barOf(step)];
    }),
  }));
}

const barOf = (step: Step): TimelineBar => ({
  step: step.id,
  kind: step.kind,
  stopOver: isMigration(step) && step.stopOver,
  startSeconds: step.startSeconds,
  endSeconds: step.endSeconds,
});

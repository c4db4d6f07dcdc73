import type { RuleContext } from '../constraints/context.ts';
import { transferOf } from '../replay/transfer/transfer.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import type { Finding } from './finding.ts';
import type { MigrationStep, Plan, PlanTimetable } from './plan.ts';
import { isMigration } from './run-steps.ts';
import { timetableOf } from './timetable.ts';

/**
 * Compares what a plan says of time with what it comes to on the cloud that it was made from: bytes, seconds and
 * downtime of every migration by the transfer model, and every figure of the timetable. Older plans say nothing of the
 * worst downtime.
 */
export function checkTimes(plan: Plan, context: RuleContext): readonly Finding[] {
  return [
    ...plan.steps.filter(isMigration).flatMap((step) => checkPrediction(step, context)),
    ...checkSection(plan.timetable, timetableOf(plan.steps, context.cloud)),
  ];
}

function checkPrediction(step: MigrationStep, { cloud }: RuleContext): readonly Finding[] {
  const server = cloud.servers.get(step.server);
  if (server === undefined) return [];
  const { id, from, to, kind: method, storage, predicted } = step;
  const transfer = transferOf({ server, from, to, method, storage }, cloud);
  return [
    ...compare(id, 'bytes', predicted.bytes, transfer.bytes),
    ...compare(id, 'seconds at least', predicted.seconds.low, transfer.seconds.low),
    ...compare(id, 'seconds expected', predicted.seconds.expected, transfer.seconds.expected),
    ...compare(id, 'seconds at most', predicted.seconds.high, transfer.seconds.high),
    ...compare(id, 'milliseconds of downtime', predicted.downtimeMs, transfer.downtimeMs),
    ...(predicted.downtimeHighMs === undefined
      ? []
      : compare(id, 'milliseconds of downtime at most', predicted.downtimeHighMs, transfer.downtimeHighMs)),
  ];
}

function compare(step: string, name: string, said: number, measured: number): readonly Finding[] {
  if (said === measured) return [];
  const text = `the plan says ${name} ${said}, the transfer model ${measured}`;
  return [{ code: 'times-differ', step, text, measured, limit: said }];
}

function checkSection(said: PlanTimetable, measured: PlanTimetable): readonly Finding[] {
  const { boundSeconds, outcome, makespanSeconds } = said;
  return [
    ...differing('makespanSeconds', said.makespanSeconds, measured.makespanSeconds),
    ...differing('sumOfEndSeconds', said.sumOfEndSeconds, measured.sumOfEndSeconds),
    ...checkList('wave', said.waves, measured.waves, ({ wave }) => String(wave)),
    ...checkList('link', said.links, measured.links, ({ link }) => link),
    ...(boundSeconds === undefined || boundSeconds <= makespanSeconds
      ? []
      : differing('boundSeconds', boundSeconds, makespanSeconds)),
    ...(outcome === 'optimal' && boundSeconds !== makespanSeconds
      ? differing('an optimal makespanSeconds', makespanSeconds, boundSeconds ?? 0)
      : []),
  ];
}

function differing(name: string, said: number, measured: number): readonly Finding[] {
  if (said === measured) return [];
  const text = `the timetable says ${name} ${said}, it is ${measured}`;
  return [{ code: 'times-differ', text, measured, limit: said }];
}

/** The first entry of a list that is not as it should be. */
function checkList<Entry>(
  what: string,
  said: readonly Entry[],
  measured: readonly Entry[],
  nameOf: (entry: Entry) => string,
): readonly Finding[] {
  const at = Array.from({ length: Math.max(said.length, measured.length) }, (_, index) => index).find(
    (index) => show(said[index]) !== show(measured[index]),
  );
  if (at === undefined) return [];
  const entry = measured[at] ?? said[at];
  const name = entry === undefined ? '' : nameOf(entry);
  const text = `the timetable says of ${what} ${name}: ${brief(said[at])}, the steps give ${brief(measured[at])}`;
  return [{ code: 'times-differ', text }];
}

const show = (entry: unknown): string => (entry === undefined ? 'nothing' : canonicalJson(entry));

/** A wave or link may have thousands of steps. */
const mostText = 160;
const brief = (entry: unknown): string => {
  const text = show(entry);
  return text.length > mostText ? `${text.slice(0, mostText)}…` : text;
};

import type { ServerId } from '../../model/ids.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { groupBy } from '../../shared/collections.ts';
import { sameValue } from '../../shared/same-value.ts';
import { valuesOf } from '../../objective/priorities.ts';
import type { Plan } from '../plan.ts';
import { isMigration } from '../run-steps.ts';
import { meaningOf } from './meaning.ts';
import type { Both, Differing, FigureName, PlanDiff, WholeTrip } from './plan-diff.ts';

/** What differs between two plans: by server, by figure, and in what they were made from. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const [old, now] = [tripsOf(before), tripsOf(after)];
  const both = [...old].flatMap(([server, trip]): readonly Both[] => {
    const other = now.get(server);
    return other === undefined ? [] : [{ before: trip, after: other }];
  });
  const sameEnds = both.filter(hasSameEnds);
  const basedOn = basedOnDifferences(before, after);
  const measuresTheSame = !basedOn.some(({ what }) => what === 'inventory' || what === 'goal');
  const parts = {
    basedOn,
    moves: {
      added: [...now.values()].filter(({ server }) => !old.has(server)),
      dropped: [...old.values()].filter(({ server }) => !now.has(server)),
      retargeted: both.filter((pair) => !hasSameEnds(pair)),
      otherWay: sameEnds.filter((pair) => !hasSameWay(pair)),
      otherTime: sameEnds.filter((pair) => hasSameWay(pair) && hasOtherTime(pair)),
    },
    hostsFreed: {
      added: missingIn(after.summary.hostsFreed, before.summary.hostsFreed, String),
      dropped: missingIn(before.summary.hostsFreed, after.summary.hostsFreed, String),
    },
    figures: figuresThatDiffer(before, after),
    ...(measuresTheSame && { objective: objectives(before, after) }),
    warnings: {
      added: missingIn(after.warnings, before.warnings, ({ code, text }) => `${code} ${text}`),
      gone: missingIn(before.warnings, after.warnings, ({ code, text }) => `${code} ${text}`),
    },
    notDone: {
      added: missingIn(after.notDone, before.notDone, canonicalJson),
      gone: missingIn(before.notDone, after.notDone, canonicalJson),
    },
  };
  const equal = before.id === after.id;
  return {
    kind: 'plans',
    equal,
    before: before.id,
    after: after.id,
    ...parts,
    meaning: meaningOf(equal, parts),
  };
}

/** Those of a list whose key no entry of another list has. */
function missingIn<Item>(
  list: readonly Item[],
  others: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const known = new Set(others.map(keyOf));
  return list.filter((item) => !known.has(keyOf(item)));
}

function tripsOf({ steps }: Plan): ReadonlyMap<ServerId, WholeTrip> {
  const trips = new Map<ServerId, WholeTrip>();
  for (const [server, legs] of groupBy(steps.filter(isMigration), (step) => step.server)) {
    const [first, last] = [legs[0], legs.at(-1)];
    if (first === undefined || last === undefined) continue;
    trips.set(server, {
      server,
      serverName: last.serverName,
      from: first.from,
      to: last.to,
      way: legs.map(({ kind, to }) => ({ method: kind, to })),
      wave: first.wave,
      startSeconds: first.startSeconds,
      endSeconds: last.endSeconds,
      reason: last.reason,
    });
  }
  return trips;
}

const hasSameEnds = ({ before, after }: Both): boolean =>
  before.from === after.from && before.to === after.to;

const hasSameWay = ({ before, after }: Both): boolean => sameValue(before.way, after.way);

const hasOtherTime = ({ before, after }: Both): boolean =>
  before.wave !== after.wave ||
  before.startSeconds !== after.startSeconds ||
  before.endSeconds !== after.endSeconds;

function basedOnDifferences({ basedOn: a }: Plan, { basedOn: b }: Plan): readonly Differing[] {
  const rows: readonly (readonly [what: string, before: unknown, after: unknown])[] = [
    ['inventory', a.inventoryDigest, b.inventoryDigest],
    ['captured', a.capturedAt, b.capturedAt],
    ['profile', a.profile, b.profile],
    ['release', a.release, b.release],
    ['goal', a.goal, b.goal],
    ['rules', a.rules, b.rules],
    ['solver', a.solver, b.solver],
    ['effort', a.effort, b.effort],
    ['seed', a.seed, b.seed],
    ['planner', a.planner, b.planner],
    ...membersOf(a.options, b.options).map(
      (name) => [`option ${name}`, Reflect.get(a.options, name), Reflect.get(b.options, name)] as const,
    ),
  ];
  return rows
    .filter(([, before, after]) => shown(before) !== shown(after))
    .map(([what, before, after]) =>
      what === 'goal' && a.goal.name !== b.goal.name
        ? { what, before: a.goal.name, after: b.goal.name }
        : { what, before: words(what, before), after: words(what, after) },
    );
}

const membersOf = (a: object, b: object): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();

const shown = (value: unknown): string => (value === undefined ? '' : canonicalJson(value));

/** For people: goals of one name with what they say, JSON with blanks at which lines may be broken. */
function words(what: string, value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (what === 'goal' && typeof value === 'object' && value !== null) {
    const name: unknown = Reflect.get(value, 'name');
    return `${String(name)}: ${spaced(Reflect.get(value, 'terms'))}`;
  }
  return spaced(value);
}

const spaced = (value: unknown): string =>
  value === undefined
    ? ''
    : JSON.stringify(JSON.parse(canonicalJson(value)), undefined, 1).replaceAll(/\s*\n\s*/g, ' ');

function figuresThatDiffer(before: Plan, after: Plan): PlanDiff['figures'] {
  const now = figuresOf(after);
  return figuresOf(before).flatMap((figure, index) => {
    const other = now[index]?.value ?? figure.value;
    return other === figure.value
      ? []
      : [{ name: figure.name, unit: figure.unit, before: figure.value, after: other }];
  });
}

function figuresOf({ summary: s, steps }: Plan): readonly {
  readonly name: FigureName;
  readonly unit: string;
  readonly value: number;
}[] {
  const migrations = steps.filter(isMigration);
  const downtimes = migrations.map(({ predicted }) => predicted.downtimeMs / 1000);
  return [
    { name: 'servers moved', unit: '', value: s.moves },
    { name: 'migrations', unit: '', value: migrations.length },
    { name: 'cold migrations', unit: '', value: s.coldMigrations },
    { name: 'stop-overs', unit: '', value: s.stopOvers },
    { name: 'memory copied', unit: 'GiB', value: s.memoryGiB },
    { name: 'disk copied', unit: 'GiB', value: s.diskGiB },
    { name: 'time', unit: 's', value: s.expectedSeconds },
    { name: 'longest downtime', unit: 's', value: downtimes.reduce((a, b) => Math.max(a, b), 0) },
    { name: 'downtime of all', unit: 's', value: downtimes.reduce((a, b) => a + b, 0) },
    { name: 'violations at the end', unit: '', value: s.violationsAfter },
  ];
}

function objectives(before: Plan, after: Plan): NonNullable<PlanDiff['objective']> {
  const values = valuesOf(after.objective);
  return valuesOf(before.objective).map((value, k) => ({ before: value, after: values[k] ?? value }));
}

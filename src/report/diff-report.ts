import type { Both, PlanDiff, WholeTrip } from '../plan/diff/plan-diff.ts';
import type { CloudDiff } from '../planning/compare/cloud-diff.ts';
import { showName } from '../shared/text.ts';
import { joinSections, listSection } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted, decimal, duration } from './words.ts';

/** Entries of one list that anybody reads; `--json` has all. */
const mostShown = 20;

/** What differs between two plans. */
export function planDiffReport(diff: PlanDiff, width: number, paint: Paint = plainPaint): string {
  const { moves, hostsFreed, warnings, notDone } = diff;
  const list = (title: string, texts: readonly string[]) => listSection(title, texts, width, mostShown);
  return joinSections(
    [
      [...wrapText(`plan ${diff.before} → plan ${diff.after}`, width), ...wrapText(diff.meaning, width)],
      list('Made from something else', basedOnTexts(diff)),
      list('Figures', figureTexts(diff)),
      list('Hosts freed now', hostsFreed.added.map(showId)),
      list('Hosts not freed any more', hostsFreed.dropped.map(showId)),
      list('Moves added', moves.added.map(tripWords)),
      list('Moves dropped', moves.dropped.map(tripWords)),
      list('Moves to another host', moves.retargeted.map(retargetedWords)),
      list('Moves in another way', moves.otherWay.map(otherWayWords)),
      list('Moves at another time', moves.otherTime.map(otherTimeWords)),
      list(
        'Warnings new',
        warnings.added.map(({ code, text }) => `${code}: ${text}`),
      ),
      list(
        'Warnings gone',
        warnings.gone.map(({ code, text }) => `${code}: ${text}`),
      ),
      list('Not done now', notDone.added.map(notDoneWords)),
      list('Not done before', notDone.gone.map(notDoneWords)),
    ],
    paint,
  );
}

const showId = (id: string): string => showName(id);

const basedOnTexts = ({ basedOn }: PlanDiff): string[] =>
  basedOn.map(({ what, before, after }) => `${what}: ${cut(before)} → ${cut(after)}`);

/** A goal or a rule file is long. */
const cut = (text: string): string => showName(text, 600);

function figureTexts({ figures, objective = [] }: PlanDiff): string[] {
  const values = objective.map(({ before, after }, k) => {
    const name = objective.length === 1 ? 'objective' : `priority ${k + 1}`;
    return before === after ? [] : [`${name}: ${decimal(before, 2)} → ${decimal(after, 2)}`];
  });
  return [
    ...values.flat(),
    ...figures.map(({ name, unit, before, after }) =>
      unit === 's'
        ? `${name}: ${seconds(before)} → ${seconds(after)}`
        : `${name}: ${decimal(before)} → ${decimal(after)}${unit === '' ? '' : ` ${unit}`}`,
    ),
  ];
}

const seconds = (value: number): string => (value < 2 ? `${decimal(value, 2)} s` : duration(value));

const wayWords = ({ way }: WholeTrip): string =>
  way.map(({ method, to }) => `${method} to ${showName(to)}`).join(', then ');

const tripWords = (trip: WholeTrip): string =>
  `${showName(trip.serverName)} from ${showName(trip.from)}: ${wayWords(trip)}; ${trip.reason}`;

const retargetedWords = ({ before, after }: Both): string =>
  `${showName(after.serverName)} from ${showName(after.from)}: ${wayWords(after)}; it was: ${before.from === after.from ? '' : `from ${showName(before.from)}, `}${wayWords(before)}`;

const otherWayWords = ({ before, after }: Both): string =>
  `${showName(after.serverName)}: ${wayWords(after)}; it was: ${wayWords(before)}`;

const otherTimeWords = ({ before, after }: Both): string =>
  `${showName(after.serverName)}: ${timeWords(after)}; it was: ${timeWords(before)}`;

const timeWords = ({ wave, startSeconds, endSeconds }: WholeTrip): string =>
  `wave ${wave}, ${duration(startSeconds)} to ${duration(endSeconds)}`;

const notDoneWords = ({ serverName, host, reason, rule }: PlanDiff['notDone']['added'][number]): string =>
  `${[serverName, host].flatMap((name) => (name === undefined ? [] : [showName(name)])).join(' on ')}: ${reason} (${rule})`;

/** What differs between two inventories, and what it means for a plan. */
export function cloudDiffReport(diff: CloudDiff, width: number, paint: Paint = plainPaint): string {
  const { hosts, servers, groups, aggregates, flavors, violations, plan, captured } = diff;
  const list = (title: string, texts: readonly string[]) => listSection(title, texts, width, mostShown);
  const changes = (what: string, of: CloudDiff['groups'] | CloudDiff['hosts'] | CloudDiff['servers']) => [
    list(`${what} new`, of.added.map(nameWords)),
    list(`${what} gone`, of.gone.map(nameWords)),
    list(
      `${what} changed`,
      of.changed.map((one) => `${nameWords(one)}: ${one.members.join(', ')}`),
    ),
  ];
  const states = (of: readonly { name: string; id: string; before: string; after: string }[]) =>
    of.map((one) => `${nameWords(one)}: ${one.before} → ${one.after}`);
  return joinSections(
    [
      [
        ...wrapText(`inventory of ${captured.before} → inventory of ${captured.after}`, width),
        ...wrapText(cloudMeaning(diff), width),
      ],
      ...(plan === undefined
        ? []
        : [list(`Why plan ${plan.id} does not hold`, plan.findings.map(findingWords))]),
      ...changes('Hosts', hosts),
      list('Hosts in another state', states(hosts.states)),
      ...changes('Servers', servers),
      list(
        'Servers moved',
        servers.moved.map(
          (one) => `${nameWords(one)}: ${showName(one.from ?? 'no host')} → ${showName(one.to ?? 'no host')}`,
        ),
      ),
      list('Servers resized', states(servers.resized)),
      list('Servers in another state', states(servers.states)),
      ...changes('Server groups', groups),
      ...changes('Aggregates', aggregates),
      ...changes('Flavors', flavors),
      list('Other things that differ', diff.others),
      list('Capacity of hosts that take servers', diff.capacity.map(capacityWords)),
      list('Violations new', violations.added.map(violationWords)),
      list('Violations gone', violations.gone.map(violationWords)),
      list(
        'Violations changed',
        violations.changed.map((one) => `${violationWords(one)}; it was ${one.before}`),
      ),
    ],
    paint,
  );
}

const nameWords = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  id === name || name === '' ? showName(id) : `${showName(name)} (${showName(id)})`;

const findingWords = ({
  step = 'the plan',
  text,
}: NonNullable<CloudDiff['plan']>['findings'][number]): string => `${step}: ${text}`;

const violationWords = ({ rule, text }: CloudDiff['violations']['added'][number]): string =>
  `${rule}: ${text}`;

const capacityWords = ({ resource, capacity, free }: CloudDiff['capacity'][number]): string => {
  const whole =
    capacity.before === capacity.after ? '' : `, of ${capacity.before} → ${capacity.after} in all`;
  return `${resource}: ${free.before} → ${free.after} free${whole}`;
};

/** What it means, in a sentence or two. */
function cloudMeaning({ equal, servers, hosts, violations, plan }: CloudDiff): string {
  const holds =
    plan === undefined
      ? ''
      : ` Plan ${plan.id} ${plan.holds ? 'still holds' : `does not hold any more: ${counted(plan.findings.length, 'finding')}`}.`;
  if (equal) return `The inventories tell of the same cloud.${holds}`;
  const facts = [
    counts(hosts.added.length, hosts.gone.length, 'host'),
    counts(servers.added.length, servers.gone.length, 'server'),
    servers.moved.length === 0 ? '' : `${counted(servers.moved.length, 'server')} moved`,
    counts(violations.added.length, violations.gone.length, 'violation'),
  ].filter((text) => text !== '');
  const what =
    facts.length === 0
      ? 'No host or server came, went or moved, and no rule is broken anew'
      : facts.join(', ');
  return `${what}.${holds}`;
}

const counts = (added: number, gone: number, what: string): string =>
  [
    ...(added === 0 ? [] : [`${counted(added, what)} new`]),
    ...(gone === 0 ? [] : [`${counted(gone, what)} gone`]),
  ].join(', ');

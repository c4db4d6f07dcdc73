import type { Way } from '../constraints/context.ts';
import type {
  AnswerGroup,
  ChosenCell,
  Explanation,
  HostAnswer,
  Reason,
  WayAnswer,
} from '../planning/explain/explanation.ts';
import { groupBy } from '../shared/collections.ts';
import { escapeControls, showName } from '../shared/text.ts';
import { joinSections } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted, nameList } from './words.ts';

/** Groups of hosts that anybody reads on one screen; the others are counted by rule. */
const mostGroups = 8;
/** Hosts of a group that are named. */
const mostHosts = 6;
/** Different wordings of one rule in one group. */
const mostWordings = 3;

/** Where a server could go, and what keeps it from the other hosts, the nearest miss first. */
export function explainReport(explanation: Explanation, width: number, paint: Paint = plainPaint): string {
  const { server, to } = explanation;
  if (server.host === undefined)
    return joinSections([
      wrap(title(explanation), width),
      wrap('it runs on no host: there is nothing to move', width),
    ]);
  return joinSections(
    [
      [...wrap(title(explanation), width), ...wrap(downLine(explanation), width)].filter(
        (line) => line !== '',
      ),
      ...(to === undefined ? cloudSections(explanation, width, paint) : hostSections(explanation, width)),
      warningLines(explanation, width),
      assumptionLines(explanation, width),
      allowingLines(explanation, width),
    ],
    paint,
  );
}

function title({ server, profile }: Explanation): string {
  const { id, name, host, status, flavor, group } = server;
  const at = host === undefined ? '' : ` on ${showName(host)}`;
  const size = `${showName(flavor.name)} (${counted(flavor.vcpus, 'vCPU')}, ${flavor.memoryMiB} MiB)`;
  const member = group === undefined ? '' : `, group ${showName(group)}`;
  return `${showName(name)} (${showName(id)})${at}: ${showName(status)}, flavor ${size}${member}; profile ${showName(profile)}`;
}

const downLine = ({ server: { host, hostIsDown } }: Explanation): string =>
  hostIsDown ? `${showName(host ?? '')} is down: an evacuate is the only way` : '';

/** What all hosts answer, those alike together. */
export function cloudSections({ groups, ways, hosts }: Explanation, width: number, paint: Paint): string[][] {
  const takers = groups.filter(({ verdict }) => verdict === 'yes');
  const refusing = groups.filter(({ verdict }) => verdict === 'no');
  const otherwise = refusing.filter(({ reasons }) => reasons.length === 0);
  const near = refusing.filter(({ reasons }) => reasons.length > 0);
  const several = ways.length > 1;
  const accepted = countHosts(takers);
  return [
    everywhereLines(ways, width),
    [
      (accepted === 0 ? paint.bad : paint.good)(
        `${accepted === 0 ? 'none' : accepted} of ${counted(hosts.length, 'host')} ${accepted > 1 ? 'take' : 'takes'} it`,
      ),
      ...takers.flatMap((group) => takerLines(group, width)),
    ],
    ...(otherwise.length === 0
      ? []
      : [
          [
            `${counted(countHosts(otherwise), 'host')} would take it otherwise`,
            ...otherwise.flatMap((group) => takerLines(group, width)),
          ],
        ]),
    near.length === 0
      ? []
      : [
          ...wrap(
            `${counted(countHosts(near), 'host')} ${countHosts(near) === 1 ? 'has' : 'have'} reasons of their own, the nearest miss first`,
            width,
          ),
          ...near.slice(0, mostGroups).flatMap((group) => groupLines(group, several, width)),
          ...restLines(near.slice(mostGroups), width),
        ],
  ];
}

const countHosts = (groups: readonly AnswerGroup[]): number =>
  groups.reduce((sum, { hosts }) => sum + hosts.length, 0);

/** What no host would make good, once. */
function everywhereLines(ways: readonly WayAnswer[], width: number): string[] {
  const lines = ways.flatMap((way) =>
    way.everywhere.flatMap(({ rule, text }) =>
      indented(`${wayWords(way)}: ${rule}: ${text}`, 2, '- ', width),
    ),
  );
  return lines.length === 0 ? [] : ['refused whatever the host', ...lines];
}

const takerLines = (group: AnswerGroup, width: number): string[] =>
  indented(
    `${counted(group.hosts.length, 'host')} (${[`${wayWords(group)}, storage ${group.storage}`, ...cellWords(group.cells)].join('; ')}): ${nameList(group.hosts, mostHosts)}`,
    2,
    '',
    width,
  );

function groupLines(group: AnswerGroup, several: boolean, width: number): string[] {
  const by = several ? ` (${wayWords(group)})` : '';
  return [
    ...indented(
      `${counted(group.hosts.length, 'host')}${by}: ${nameList(group.hosts, mostHosts)}`,
      2,
      '',
      width,
    ),
    ...group.reasons.flatMap((reason) => indented(reasonWords(reason), 4, '- ', width)),
  ];
}

function reasonWords({ rule, wordings }: Reason): string {
  const [first] = wordings;
  if (wordings.length === 1 && first !== undefined) return `${rule}: ${first.text}`;
  const shown = wordings
    .slice(0, mostWordings)
    .map(({ text, hosts }) => `${text} [${counted(hosts, 'host')}]`);
  const rest = wordings.length - shown.length;
  return `${rule}: ${[...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')}`;
}

/** Groups past the limit: which rules refuse there. */
function restLines(groups: readonly AnswerGroup[], width: number): string[] {
  if (groups.length === 0) return [];
  const byRule = new Map<string, number>();
  for (const { reasons, hosts } of groups)
    for (const { rule } of reasons) byRule.set(rule, (byRule.get(rule) ?? 0) + hosts.length);
  const rules = [...byRule].toSorted(([, a], [, b]) => b - a).map(([rule, hosts]) => `${rule} ${hosts}`);
  const words = `and ${counted(countHosts(groups), 'host')} farther away, refused by ${rules.join(', ')}; --json has them all`;
  return indented(words, 2, '', width);
}

/** One host: every way with all its reasons in full. */
function hostSections({ hosts, to }: Explanation, width: number): string[][] {
  return hosts.map((answer) => {
    const words =
      answer.verdict === 'yes'
        ? [`yes, storage ${answer.storage}`, ...cellWords(answer.cells)].join('; ')
        : 'no';
    return [
      ...wrap(`${showName(to ?? answer.host)}, ${wayWords(answer)}: ${words}`, width),
      ...answer.refusals.flatMap(({ rule, text }) => indented(`${rule}: ${text}`, 2, '- ', width)),
    ];
  });
}

function warningLines({ warnings, hosts }: Explanation, width: number): string[] {
  if (warnings.length === 0) return [];
  const asked = new Set(hosts.map(({ host }) => host)).size;
  return [
    `warnings (${warnings.length})`,
    ...warnings.flatMap((warning) =>
      indented(`${warning.id}: ${warning.text}${asked === 1 ? '' : onHosts(warning.hosts)}`, 2, '- ', width),
    ),
  ];
}

const recordWords = (supply: readonly string[]): string =>
  supply.length === 0 ? '' : `; record ${supply.join('; ')}`;

function assumptionLines({ hosts }: Explanation, width: number): string[] {
  const found = hosts.flatMap((answer) => answer.assumptions.map((assumed) => ({ answer, assumed })));
  const byText = groupBy(
    found,
    ({ assumed }) =>
      `${assumed.rule}: ${assumed.assumption} (not known: ${assumed.missing.join(', ')}${recordWords(assumed.supply)})`,
  );
  if (byText.size === 0) return [];
  const asked = new Set(hosts.map(({ host }: HostAnswer) => host)).size;
  return [
    `assumptions (${byText.size})`,
    ...[...byText].flatMap(([text, cases]) => {
      const about = new Set(cases.map(({ answer }) => answer.host));
      return indented(about.size === asked ? text : text + onHosts([...about]), 2, '- ', width);
    }),
  ];
}

const onHosts = (hosts: readonly string[]): string =>
  ` [${counted(hosts.length, 'host')}: ${nameList(hosts, mostHosts)}]`;

function allowingLines({ allowing, to }: Explanation, width: number): string[] {
  return allowing.flatMap(({ allow, hosts }) => {
    const more =
      to === undefined ? `${counted(hosts.length, 'host')} more: ${nameList(hosts, mostHosts)}` : 'yes';
    return wrap(`with --allow ${allow}: ${more}`, width);
  });
}

const wayWords = ({ method, forced }: Way): string => (forced === true ? `forced ${method}` : method);

const cellWords = (cells: readonly ChosenCell[]): string[] =>
  cells.map(({ hostCellId, pinnedCpuCount, pageSizeKiB }) => {
    const details = [
      ...(pinnedCpuCount > 0 ? [counted(pinnedCpuCount, 'pinned CPU')] : []),
      ...(pageSizeKiB === undefined ? [] : [pageWords(pageSizeKiB)]),
    ];
    return `NUMA cell ${hostCellId}${details.length === 0 ? '' : `: ${details.join(', ')}`}`;
  });

function pageWords(kiB: number): string {
  if (kiB % 1048576 === 0) return `${kiB / 1048576}G pages`;
  return kiB % 1024 === 0 ? `${kiB / 1024}M pages` : `${kiB}K pages`;
}

const wrap = (text: string, width: number): string[] => wrapText(escapeControls(text), width);

/** A text in lines below one another, the first with a mark. */
const indented = (text: string, indent: number, mark: string, width: number): string[] =>
  wrap(text, width - indent - mark.length).map(
    (line, index) => ' '.repeat(indent) + (index === 0 ? mark : ' '.repeat(mark.length)) + line,
  );

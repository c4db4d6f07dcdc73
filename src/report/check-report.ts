import type { HostId, ServerId } from '../model/ids.ts';
import { escapeControls } from '../shared/text.ts';
import { groupBy } from '../shared/collections.ts';
import { joinSections, listLines, listSection } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted, nameList } from './words.ts';

/** A rule that the cloud breaks today, with its words. */
export interface ViolationInWords {
  readonly rule: string;
  readonly text: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly where: string;
  readonly host?: HostId;
  /** Servers that take part. */
  readonly servers: readonly { readonly id: ServerId; readonly name: string }[];
}

/** What a warning rule says of the cloud as it stands. */
export interface WarningInWords {
  readonly id: string;
  readonly text: string;
  readonly host?: HostId;
  readonly servers: readonly { readonly id: ServerId; readonly name: string }[];
}

/** What `check` finds. */
export interface CheckResult {
  readonly profile: string;
  readonly hosts: number;
  readonly servers: number;
  readonly rulesChecked: number;
  readonly violations: readonly ViolationInWords[];
  readonly warnings: readonly WarningInWords[];
  /** How live migrations are timed, where finished ones tell; absent where they are too few. */
  readonly timing?: string;
}

/** Warnings of one kind that anybody reads; --json has all. */
const mostWarnings = 3;

/** Violations by rule, in the order in which the rules are listed, and warnings after them. */
export function checkReport(result: CheckResult, width: number, paint: Paint = plainPaint): string {
  const { profile, hosts, servers, rulesChecked, timing, violations, warnings } = result;
  const looked = `${counted(hosts, 'host')} and ${counted(servers, 'server')}, ${counted(rulesChecked, 'rule')} of profile ${escapeControls(profile)}`;
  const verdict =
    violations.length === 0
      ? paint.good('no rule is violated')
      : paint.bad(counted(violations.length, 'violation'));
  const sections = [...groupBy(violations, (violation) => violation.rule)].map(([rule, broken]) => [
    `${rule} (${broken.length})`,
    ...listLines(broken.map(withServers), width),
  ]);
  const advice = [...groupBy(warnings, ({ id }) => id)].map(([id, found]) =>
    listSection(`warning ${id}`, found.map(withServers), width, mostWarnings),
  );
  return joinSections(
    [
      wrapText(`${verdict} among ${looked}`, width),
      ...sections,
      ...advice,
      timing === undefined ? [] : wrapText(timing, width),
    ],
    paint,
  );
}

const withServers = ({ servers, text }: Pick<WarningInWords, 'servers' | 'text'>): string =>
  servers.length === 0
    ? text
    : `${text} (${nameList(servers.map(({ id, name }) => (name === '' ? id : name)))})`;

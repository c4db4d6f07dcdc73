import { escapeControls, showName } from '../shared/text.ts';
import { joinSections, listSection } from './list-section.ts';
import { table } from './table.ts';
import { wrapText } from './text-width.ts';
import { counted } from './words.ts';

/** What an import found. */
export interface ImportResult {
  readonly capturedAt: string;
  readonly hosts: number;
  readonly servers: number;
  /** How much each source told, in the order in which they were read. */
  readonly sources: readonly { readonly source: string; readonly hosts: number; readonly servers: number }[];
  /** What sources say differently. */
  readonly contradictions: readonly {
    readonly subject: string;
    readonly field: string;
    readonly values: readonly { readonly source: string; readonly value: string }[];
    /** The source that the inventory follows. */
    readonly taken?: string | undefined;
  }[];
  /** What the import looked for and did not get. */
  readonly gaps: readonly {
    readonly code: string;
    readonly summary: string;
    readonly hint?: string | undefined;
  }[];
  /** What each rule can make of the facts. */
  readonly completeness: readonly CompletenessRow[];
}

/** Whether a rule judges exactly, assumes something, or cannot judge, for how many servers or hosts. */
export interface CompletenessRow {
  readonly rule: string;
  readonly verdict: 'exact' | 'assumes' | 'cannot-judge';
  /** In words: what is missing, what is assumed, and how to supply it. */
  readonly text: string;
}

/** An import in words: what was read, what each rule can make of it, what contradicts, what is missing. */
export function importReport(result: ImportResult, outputFile: string | undefined, width: number): string {
  const { capturedAt, hosts, servers, sources, contradictions, gaps, completeness } = result;
  const where = outputFile === undefined ? '' : `; written to ${showName(outputFile, 200)}`;
  return joinSections([
    [`${counted(hosts, 'host')} and ${counted(servers, 'server')} as of ${capturedAt}${where}`],
    ...sourceSections(sources, width),
    completeness.length === 0
      ? []
      : table(
          [{ header: 'rule' }, { header: 'judges' }, { header: 'because', shrinksTo: 20 }],
          completeness.map(({ rule, verdict, text }) => [
            rule,
            verdict.replace('-', ' '),
            escapeControls(text),
          ]),
          width,
        ),
    listSection(
      'contradictions',
      contradictions.map(({ subject, field, values, taken }) => {
        const said = values.map(({ source, value }) => `${showName(value)} (${source})`).join(', ');
        return `${showName(subject)} ${field}: ${said}${taken === undefined ? '' : `; ${taken} is followed`}`;
      }),
      width,
    ),
    listSection(
      'missing',
      gaps.map(({ code, summary, hint }) => `${summary} [${code}]${hint === undefined ? '' : `; ${hint}`}`),
      width,
    ),
  ]);
}

/** Sources that told of hosts or servers as a table; of the others the names. */
function sourceSections(sources: ImportResult['sources'], width: number): string[][] {
  const counts = sources.filter(({ hosts, servers }) => hosts + servers > 0);
  const others = sources.filter(({ hosts, servers }) => hosts + servers === 0).map(({ source }) => source);
  return [
    table(
      [{ header: 'source' }, { header: 'hosts', align: 'right' }, { header: 'servers', align: 'right' }],
      counts.map(({ source, hosts, servers }) => [source, String(hosts), String(servers)]),
      width,
    ),
    others.length === 0 ? [] : wrapText(`also read: ${[...new Set(others)].join(', ')}`, width),
  ];
}

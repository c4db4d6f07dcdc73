import { escapeControls, showName } from '../shared/text.ts';
import { joinSections, labelledLines, listSection } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { nextStepFor } from './next-steps.ts';
import { table } from './table.ts';
import { wrapText } from './text-width.ts';
import { counted, wholeSecond } from './words.ts';

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
  /** What each family of rules can make of the facts. */
  readonly completeness: readonly Completeness[];
}

/** Whether a family of rules judges exactly, by assumptions, or cannot judge, and how to supply what is missing. */
interface Completeness {
  readonly family: string;
  readonly judgement:
    | { readonly kind: 'exact' }
    | { readonly kind: 'assumes'; readonly what: readonly string[] }
    | { readonly kind: 'cannot-be-judged'; readonly missing: readonly string[] };
  readonly supply?: string | undefined;
}

/** An import in words: what was read, what each rule can make of it, what contradicts, what is missing. */
export function importReport(
  result: ImportResult,
  outputFile: string | undefined,
  width: number,
  paint: Paint = plainPaint,
): string {
  const { capturedAt, hosts, servers, sources, contradictions, gaps, completeness } = result;
  const where = outputFile === undefined ? '' : `; written to ${showName(outputFile, 200)}`;
  return joinSections(
    [
      wrapText(
        `${counted(hosts, 'host')} and ${counted(servers, 'server')} as of ${wholeSecond(capturedAt)}${where}`,
        width,
      ),
      ...sourceSections(sources, width),
      labelledLines([['rules', 'judged'], ...completeness.map((row) => completenessRow(row))], width),
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
        gaps.map(({ code, summary, hint = nextStepFor(code) }) =>
          [`${summary} [${code}]`, ...(hint === undefined ? [] : [hint])].join('; '),
        ),
        width,
      ),
    ],
    paint,
  );
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

function completenessRow({ family, judgement, supply }: Completeness): [string, string] {
  const toSupply = supply === undefined ? '' : ` (${supply})`;
  switch (judgement.kind) {
    case 'exact':
      return [family, 'exactly'];
    case 'assumes':
      return [family, escapeControls(`by assumption: ${judgement.what.join('; ')}${toSupply}`)];
    case 'cannot-be-judged':
      return [family, escapeControls(`not: ${judgement.missing.join('; ')}${toSupply}`)];
  }
}

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { answer, readCases } from './cases.ts';

/** How the answers to one suite compare with what was recorded. Quirk cases are in none of the other counts. */
export interface Agreement {
  readonly suite: string;
  readonly cases: number;
  readonly agreeing: number;
  /** Cases on which Nova's own search is inconsistent, and those of them where we give the verdict of the rules. */
  readonly quirks: number;
  readonly quirksByTheRules: number;
  /** Ids of the cases that do not agree. */
  readonly disagreeing: readonly string[];
}

const Expected = z.object({
  quirk: z.boolean().optional(),
  expected: z.looseObject({ exact: z.unknown().optional() }),
});

/** Compares the answers to all cases of a file with what it expects. */
export async function agreementOf(file: string): Promise<Agreement> {
  const counts = { cases: 0, agreeing: 0, quirks: 0, quirksByTheRules: 0 };
  const disagreeing: string[] = [];
  let name = '';
  for await (const each of readCases(file)) {
    name = each.suiteName;
    const verdict = strictPart(answer(file, each), each.suite.info);
    const { quirk, expected } = Expected.parse(JSON.parse(each.line));
    const wanted = quirk === true ? expected.exact : expected;
    const agrees = isDeepStrictEqual(verdict, strictPart(wanted, each.suite.info));
    if (!agrees) disagreeing.push(each.id);
    if (quirk === true) {
      counts.quirks++;
      if (agrees) counts.quirksByTheRules++;
    } else {
      counts.cases++;
      if (agrees) counts.agreeing++;
    }
  }
  return { suite: name, ...counts, disagreeing };
}

/** The files of recorded verdicts. */
export function recordedFiles(): readonly string[] {
  return filesIn('../../fixtures/vectors/');
}

/** Files of verdicts that were recorded later, of unlike cases. */
export function moreFiles(): readonly string[] {
  return filesIn('../../fixtures/vectors/more/');
}

function filesIn(path: string): readonly string[] {
  const folder = new URL(path, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) => fileURLToPath(new URL(name, folder)));
}

/** Fits everything that was compared into a table for people. */
export function agreementTable(agreements: readonly Agreement[]): string {
  const rows = [
    ['suite', 'cases', 'agree', '%', 'quirks', 'by the rules'],
    ...agreements.map(({ suite, cases, agreeing, quirks, quirksByTheRules }) => [
      suite,
      String(cases),
      String(agreeing),
      percent(agreeing, cases),
      String(quirks),
      String(quirksByTheRules),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) =>
          column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** Never rounded up to 100. */
function percent(part: number, all: number): string {
  return all === 0 ? '–' : (Math.floor((part / all) * 10000) / 100).toFixed(2);
}

/** A copy without the members that are for information only. */
function strictPart(value: unknown, info: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => strictPart(item, info));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !info.includes(name))
      .map(([name, item]) => [name, strictPart(item, info)]),
  );
}

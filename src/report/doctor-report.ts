import type { Finding } from '../doctor/check.ts';
import type { Checked } from '../doctor/examine.ts';
import { joinSections, labelledLines } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted, nameList } from './words.ts';
import { groupBy } from '../shared/collections.ts';
import { escapeControls } from '../shared/text.ts';

/** What `doctor` finds. */
export interface DoctorResult {
  readonly profile: string;
  /** Where the facts come from. */
  readonly looked: string;
  readonly checks: readonly Checked[];
}

const order = ['problem', 'warning', 'unknown', 'ok'] as const;

/** The worst first: what is wrong with place, need, reason and next step; what is well in one line a check. */
export function doctorReport(
  { checks, looked, profile }: DoctorResult,
  width: number,
  paint: Paint = plainPaint,
): string {
  const counts = order.map((state) => {
    const count = checks.filter((check) => check.state === state).length;
    return state === 'ok' ? `${count} ok` : counted(count, state, state === 'unknown' ? state : `${state}s`);
  });
  const bad = (['problem', 'warning'] as const).flatMap((state) =>
    checks.flatMap((check) => {
      const findings = check.findings.filter((finding) => finding.state === state);
      return findings.length === 0 ? [] : [sectionOf(check, state, findings, width)];
    }),
  );
  const well = checks.filter(({ state }) => state === 'ok');
  return joinSections(
    [
      wrapText(
        `${counted(checks.length, 'check')} of ${escapeControls(looked)} by profile ${escapeControls(profile)}: ${counts.join(', ')}`,
        width,
      ),
      ...bad,
      unknownLines(checks, width),
      well.length === 0
        ? []
        : [
            'ok',
            ...labelledLines(
              well.map((check) => [`  ${check.id}`, foundIn(check)] as const),
              width,
            ),
          ],
    ],
    paint,
  );
}

function sectionOf(
  { id, needed, why }: Checked,
  state: string,
  findings: readonly Finding[],
  width: number,
): readonly string[] {
  const rows = findings.flatMap(({ found, next, places }): (readonly [string, string])[] => [
    ['  found', `${placeList(places)}: ${escapeControls(found)}`],
    ...(next === undefined ? [] : [['  next', escapeControls(next)] as const]),
  ]);
  return [`${state} ${id}`, ...labelledLines([['  needed', needed], ['  why', why], ...rows], width)];
}

/** Servers stand there with name and id, which is what finds them. */
const longestPlace = 320;

const placeList = (places: readonly string[], limit?: number): string =>
  nameList(places, limit, longestPlace);

const foundIn = ({ findings }: Checked): string =>
  [
    ...new Set(
      findings.map(({ found, places }) => (places.length === 0 ? '' : `${placeList(places, 5)}: `) + found),
    ),
  ]
    .map(escapeControls)
    .join('; ');

/** What nobody told, by what to do about it. */
function unknownLines(checks: readonly Checked[], width: number): readonly string[] {
  const all = checks.flatMap(({ findings, id }) =>
    findings.filter(({ state }) => state === 'unknown').map((finding) => ({ id, finding })),
  );
  const byNext = groupBy(all, ({ finding }) => finding.next ?? '');
  const rows = [...byNext].flatMap(([next, of]): (readonly [string, string])[] => [
    ...[
      ...groupBy(of, ({ finding }) => `${placeList(finding.places)}: ${escapeControls(finding.found)}`),
    ].map(([found, alike]) => ['  found', `${found} (${alike.map(({ id }) => id).join(', ')})`] as const),
    ['  next', escapeControls(next)],
  ]);
  return rows.length === 0 ? [] : ['unknown', ...labelledLines(rows, width)];
}

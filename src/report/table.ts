import { labelledLines } from './list-section.ts';
import { foldText, textWidth } from './text-width.ts';

export interface Column {
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** The narrowest that the column may become when the table does not fit; columns without it keep their width. */
  readonly shrinksTo?: number;
}

const gap = '  ';

/**
 * Rows under headers, in lines of at most `width` columns. Cells of shrinking columns go on below where they are too
 * long: nothing is cut. Where that is not enough, each row is a list of its cells instead. Cells are texts of one line
 * that are safe to print. A column that is empty in every row is left out.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const used = columns
    .map((column, index) => ({ column, cells: rows.map((row) => row[index] ?? '') }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const widths = fit(
    used.map(({ column, cells }) => ({
      natural: Math.max(textWidth(column.header), ...widthsOf(cells)),
      least: column.shrinksTo,
    })),
    width,
  );
  if (widthOf(widths) > width) return listed(used, rows.length, width);
  const lines = (cells: readonly string[]): string[] => {
    const folded = cells.map((cell, index) => foldText(cell, widths[index] ?? 0));
    const height = folded.reduce((most, { length }) => Math.max(most, length), 0);
    return Array.from({ length: height }, (_, at) =>
      used
        .map(({ column }, index) => pad(folded[index]?.[at] ?? '', widths[index] ?? 0, column.align))
        .join(gap)
        .trimEnd(),
    );
  };
  return [
    used.map(({ column }) => column.header),
    ...rows.map((_, row) => used.map(({ cells }) => cells[row] ?? '')),
  ].flatMap(lines);
}

interface Used {
  readonly column: Column;
  readonly cells: readonly string[];
}

/** Each row as lines of header and cell, the first cell above the others; rows do not touch. */
function listed(used: readonly Used[], rows: number, width: number): string[] {
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) => {
    const cells = used.map(({ column, cells: of }) => [column.header, of[row] ?? ''] as const);
    const [first, ...others] = cells.filter(([, cell]) => cell !== '');
    return [
      ...(row === 0 ? [] : ['']),
      ...labelledLines(first === undefined ? [] : [first], width),
      ...labelledLines(
        others.map(([header, cell]) => [`  ${header}`, cell] as const),
        width,
      ),
    ];
  });
}

/** Not spread into `Math.max`: a plan can have more rows than a call can have arguments. */
const widthsOf = (cells: readonly string[]): [number] => [
  cells.reduce((widest, cell) => Math.max(widest, textWidth(cell)), 0),
];

interface Wanted {
  readonly natural: number;
  readonly least: number | undefined;
}

/** Takes what is too much from the widest shrinking column, a character at a time. */
function fit(wanted: readonly Wanted[], width: number): number[] {
  const widths = wanted.map(({ natural }) => natural);
  let excess = widthOf(widths) - width;
  for (; excess > 0; excess -= 1) {
    const widest = widestShrinkable(wanted, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const widthOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);

function widestShrinkable(wanted: readonly Wanted[], widths: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, { least }] of wanted.entries()) {
    const width = widths[index] ?? 0;
    if (least === undefined || width <= least) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function pad(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

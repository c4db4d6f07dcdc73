import type { Verification } from '../plan/verify-plan.ts';
import { listLines } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted } from './words.ts';

/** What the checker found, in words: one line when the plan holds, else every difference with its step. */
export function verificationReport(
  planId: string,
  verification: Verification,
  width: number,
  paint: Paint = plainPaint,
): string {
  const { figuresCompared, findings, ok, stepsChecked } = verification;
  const verdict = `plan ${planId} ${ok ? paint.good('holds') : paint.bad('does not hold')}: ${counted(stepsChecked, 'step')} replayed`;
  const found = ok
    ? 'each request is allowed in the state of its instant'
    : counted(findings.length, 'finding');
  const figures = figuresCompared
    ? []
    : [
        'it was made from another inventory: whether its steps hold was checked, its figures were not compared',
      ];
  const lines = listLines(
    findings.map((finding) => findingText(finding)),
    width,
  );
  const next = ok ? [] : ['next: import the cloud again, and make the plan again'];
  return `${[
    ...wrapText(`${verdict}, ${found}`, width),
    ...lines,
    ...[...figures, ...next].flatMap((text) => wrapText(text, width)),
  ].join('\n')}\n`;
}

function findingText({ code, step, text, measured, limit }: Verification['findings'][number]): string {
  const numbers =
    measured === undefined && limit === undefined
      ? ''
      : ` (${[measured === undefined ? '' : `measured ${measured}`, limit === undefined ? '' : `limit ${limit}`].filter((part) => part !== '').join(', ')})`;
  return `${step === undefined ? '' : `step ${step}: `}${text}${numbers} [${code}]`;
}

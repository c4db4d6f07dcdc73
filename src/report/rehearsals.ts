import type { Rehearsals } from '../execute/rehearse.ts';
import { listLines } from './list-section.ts';
import { wrapText } from './text-width.ts';
import { counted, duration, percent } from './words.ts';

/** Reasons that are shown. */
const mostReasons = 20;

/** What rehearsals come to: how many came to the end, how long they took, and what ended the others. */
export function rehearsalReport({ runs, done, seconds, reasons }: Rehearsals, width: number): string {
  const texts = reasons
    .slice(0, mostReasons)
    .map(({ text, runs: of, seed }) => `${counted(of, 'run')} (--seed ${seed} shows it): ${text}`);
  return [
    ...wrapText(
      `${done} of ${counted(runs, 'rehearsal')} came to the end of the plan (${percent(done / runs)})`,
      width,
    ),
    ...(seconds === undefined
      ? []
      : wrapText(
          `they took ${duration(seconds.least)} to ${duration(seconds.most)}, half of them up to ${duration(seconds.median)}`,
          width,
        )),
    ...(texts.length === 0 ? [] : ['', 'The others ended with:', ...listLines(texts, width)]),
    '',
  ].join('\n');
}

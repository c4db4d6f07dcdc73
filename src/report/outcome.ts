import type { Plan } from '../plan/plan.ts';
import type { PlanningOutcome } from '../planning/planning-request.ts';
import { escapeControls } from '../shared/text.ts';
import { blockersReport } from './blockers.ts';
import { emptyTwinLines } from './empty-twins.ts';
import { joinSections } from './list-section.ts';
import { showPlan, type ShowOptions } from './show-plan.ts';
import { wrapText } from './text-width.ts';
import { duration } from './words.ts';
import { wayOutLines } from './why-not.ts';

/** What a planning command found, in words; `--json` prints the outcome itself. */
export function outcomeReport(outcome: PlanningOutcome, options: ShowOptions): string {
  switch (outcome.kind) {
    case 'planned':
      return showPlan(outcome.plan, options);
    case 'nothing-to-do':
      return `${paragraphs([`${options.paint?.good('nothing to do') ?? 'nothing to do'}: ${escapeControls(outcome.because)}`], options.width)}\n${showPlan(outcome.plan, options)}`;
    case 'impossible':
      return blockersReport(outcome, options.width, options.paint);
    case 'too-late':
      return tooLateReport(outcome, options.width);
    case 'unknown':
      return unknownReport(outcome, options.width);
  }
}

const tooLateReport = (
  { endSeconds, deadlineSeconds }: Extract<PlanningOutcome, { kind: 'too-late' }>,
  width: number,
): string => {
  const isClose = duration(endSeconds) === duration(deadlineSeconds);
  const words = (seconds: number): string => (isClose ? `${Math.ceil(seconds)} s` : duration(seconds));
  return paragraphs(
    [
      `no plan ends in time: the soonest that was found ends ${words(endSeconds)} after the start, the deadline is at ${words(deadlineSeconds)}`,
      'move the deadline, open longer time windows, or ask for less (--max-moves, fewer hosts)',
    ],
    width,
  );
};

function unknownReport(outcome: Extract<PlanningOutcome, { kind: 'unknown' }>, width: number): string {
  const { because, waysOut, waysOutCutShort = false } = outcome;
  const text = paragraphs(
    [
      `no plan, and no proof that there is none: ${escapeControls(because)}`,
      'more time or effort may find one (--time-limit, --effort)',
    ],
    width,
  );
  const twins = emptyTwinLines(outcome.twins, width);
  const out = waysOut === undefined ? [] : wayOutLines({ waysOut, waysOutCutShort }, width);
  return [
    text,
    ...[twins, out].filter((lines) => lines.length > 0).map((lines) => joinSections([lines])),
  ].join('\n');
}

/** Texts in lines, each from the beginning of a line. */
const paragraphs = (texts: readonly string[], width: number): string =>
  `${texts.flatMap((text) => wrapText(text, width)).join('\n')}\n`;

/** The plan of an outcome that has one. */
export const planOf = (outcome: PlanningOutcome): Plan | undefined =>
  'plan' in outcome ? outcome.plan : undefined;

import type { Plan } from '../plan/plan.ts';
import { escapeControls } from '../shared/text.ts';
import { serverNames, stepWord } from './step-words.ts';

/** What each step of a plan does, in a few words, by its id. */
export function stepWordsOf(plan: Plan): (step: string) => string {
  const nameOf = serverNames(plan);
  const words = new Map(plan.steps.map((step) => [step.id, stepWord(step, nameOf)]));
  return (step) => words.get(step) ?? step;
}

/** An event of a run, as its journal has it. */
export interface RunEvent {
  readonly kind: string;
  readonly step?: string;
  readonly call?: string;
  readonly answer?: string;
  readonly status?: string;
  readonly text?: string;
  readonly note?: string;
  readonly read?: string;
  readonly meaning?: { readonly means: string; readonly next: string };
  readonly seen?: { readonly host?: string; readonly status: string };
}

/** What a failure means, what to read, and what to do: as much as is known. */
export const whyWords = ({
  means,
  next,
  read,
}: {
  readonly means?: string;
  readonly next?: string;
  readonly read?: string;
}): readonly string[] => [
  ...(means === undefined ? [] : [`that means: ${means}`]),
  ...(read === undefined ? [] : [`read: ${read}`]),
  ...(next === undefined ? [] : [`next: ${next}`]),
];

/** One line for those who watch a run; undefined for what they need not see. */
export function runLine(event: RunEvent, words: (step: string) => string, time: string): string | undefined {
  const text = eventWords(event);
  if (text === undefined) return undefined;
  const what = event.step === undefined ? '' : `${event.step.padEnd(5)} ${words(event.step)}: `;
  return escapeControls(`${time}  ${what}${text}`);
}

function eventWords({
  kind,
  call,
  answer,
  status,
  text,
  note,
  read,
  meaning,
  seen,
}: RunEvent): string | undefined {
  switch (kind) {
    case 'calling':
      return `requested (${call ?? ''})`;
    case 'answered':
      return answer === 'accepted' ? undefined : `${answer ?? ''}: ${text ?? ''}`;
    case 'progress':
      return status;
    case 'step-done':
      return note === undefined ? 'done' : `done: ${note}`;
    case 'step-failed':
      return [`failed: ${text ?? ''}`, ...whyWords({ ...meaning, ...(read !== undefined && { read }) })].join(
        '; ',
      );
    case 'step-retry':
      return `asked again soon: ${text ?? ''}`;
    case 'seen-again':
      return `given up, and since: ${seen?.status ?? ''} on ${seen?.host ?? 'no host'}`;
    case 'note':
    case 'waiting':
    case 'cells-differ':
      return text;
    case 'stopping':
      return `no more requests: ${text ?? ''}`;
    default:
      return undefined;
  }
}

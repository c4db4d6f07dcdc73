import type { PlanningProgress } from '../planning/planning-request.ts';
import { decimal, percent } from '../report/words.ts';
import { cutToWidth } from '../report/text-width.ts';
import type { CliContext } from './context.ts';

/** One line on a terminal that is written over again and again, never wider than it; nothing where nobody watches. */
export interface Line {
  readonly show: (text: () => string) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const secondsBetween = 0.1;
const eraseLine = '\r\u001B[K';

export function createLine({ err, errWidth, now, watched }: CliContext, quiet: boolean): Line {
  if (!watched || quiet) return { show: () => undefined, clear: () => undefined };
  let shown = false;
  let last = -Infinity;
  return {
    show(text) {
      if (now() - last < secondsBetween) return;
      last = now();
      shown = true;
      err(eraseLine + cutToWidth(text(), errWidth - 1)); // a line that is full would wrap, and stay
    },
    clear() {
      if (shown) err(eraseLine);
      shown = false;
    },
  };
}

/** Says how far planning is. */
export interface Progress {
  readonly show: (progress: PlanningProgress) => void;
  readonly clear: () => void;
}

export function createProgress(context: CliContext, quiet: boolean): Progress {
  const { clear, show } = createLine(context, quiet);
  return {
    show(progress) {
      show(() => progressLine(progress));
    },
    clear,
  };
}

function progressLine({ phase, round, objective, bound }: PlanningProgress): string {
  const words = { solve: 'solving', order: 'ordering', verify: 'verifying' }[phase];
  const value = objective === undefined ? '' : `, objective ${decimal(objective, 2)}`;
  const proven = bound === undefined ? '' : `, bound ${decimal(bound, 2)}`;
  const gap =
    objective === undefined || bound === undefined
      ? ''
      : `, gap ${percent(Math.max(0, objective - bound) / Math.max(1, Math.abs(objective)))}`;
  return `${words}, round ${round}${value}${proven}${gap}`;
}

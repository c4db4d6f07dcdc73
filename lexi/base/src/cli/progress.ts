import type { PlanningProgress } from '../planning/planning-request.ts';
import { decimal, percent } from '../report/words.ts';
import type { CliContext } from './context.ts';

/** One line on a terminal that says how far planning is; nothing where nobody watches. */
export interface Progress {
  readonly show: (progress: PlanningProgress) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const secondsBetween = 0.1;
const eraseLine = '\r\u001B[K';

export function createProgress({ err, now, watched }: CliContext, quiet: boolean): Progress {
  if (!watched || quiet) return { show: () => undefined, clear: () => undefined };
  let shown = false;
  let last = -Infinity;
  return {
    show(progress) {
      if (now() - last < secondsBetween) return;
      last = now();
      shown = true;
      err(eraseLine + progressLine(progress));
    },
    clear() {
      if (shown) err(eraseLine);
      shown = false;
    },
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

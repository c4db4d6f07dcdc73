import { at } from '../shared/at.ts';
import type { CompiledProblem } from './compile/compiled.ts';

/** True when a server on a host that is to be empty may move to no other host whatever else happens. */
export function hasStranded({ classes, start, mustEmpty }: CompiledProblem): boolean {
  return classes.some(
    ({ members, allowed }) =>
      members.some((v) => mustEmpty[at(start, v)] === 1) &&
      allowed.every((flag, h) => flag === 0 || mustEmpty[h] === 1),
  );
}

/** How that is proven. */
export const strandedMethod = 'a server that must move has no host';

import type { Plan } from '../plan/plan.ts';
import type { PlanningOptions } from '../planning/planning-request.ts';
import { InputError } from '../shared/diagnostic.ts';
import { createFlagReader } from './flag-reader.ts';
import { readSelectors } from './selectors.ts';

/**
 * The options that a plan was made with.
 *
 * @throws InputError with every selector that is not as `planner` writes it.
 */
export function readPlannedOptions({ effort, options, seed }: Plan['basedOn']): PlanningOptions {
  const read = createFlagReader();
  const exclude = readSelectors('$.basedOn.options.exclude', options.exclude, read);
  const only = readSelectors('$.basedOn.options.only', options.only, read);
  const { important: ranks, ...others } = options;
  const important = ranks?.map((rank) => readSelectors('$.basedOn.options.important', rank, read));
  if (read.problems.length > 0) throw new InputError(read.problems);
  return { ...others, effort, seed, exclude, only, ...(important !== undefined && { important }) };
}

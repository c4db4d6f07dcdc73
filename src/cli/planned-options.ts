import { z } from 'zod';
import { disruptions } from '../constraints/context.ts';
import { hostId } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanningOptions } from '../planning/planning-request.ts';
import { InputError } from '../shared/diagnostic.ts';
import { jsonPath } from '../shared/json-path.ts';
import { createFlagReader } from './flag-reader.ts';
import { readSelectors } from './selectors.ts';

const schema = z.looseObject({
  allow: z.array(z.enum(disruptions)),
  unknown: z.enum(['assume', 'refuse']),
  exclude: z.array(z.string()),
  only: z.array(z.string()),
  drain: z.array(z.string()),
  headroomPercent: z.int().min(0).max(99),
  spareHosts: z.int().min(0),
  minGain: z.number().min(0),
  reEnable: z.boolean(),
});

/**
 * The options that a plan was made with.
 *
 * @throws InputError with every option that is not as `planner` writes it.
 */
export function readPlannedOptions(
  { effort, options, seed }: Plan['basedOn'],
  source: string,
): PlanningOptions {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.map(({ message, path }) => ({
        code: 'plan.option',
        severity: 'error',
        summary: message,
        source,
        path: jsonPath(['basedOn', 'options', ...path]),
      })),
    );
  }
  const { allow, unknown, headroomPercent, spareHosts, minGain, reEnable, drain } = parsed.data;
  const read = createFlagReader();
  const exclude = readSelectors('$.basedOn.options.exclude', parsed.data.exclude, read);
  const only = readSelectors('$.basedOn.options.only', parsed.data.only, read);
  if (read.problems.length > 0) throw new InputError(read.problems);
  return {
    ...{ allow, unknown, headroomPercent, spareHosts, minGain, reEnable, effort, seed, exclude, only },
    drain: drain.map(hostId),
  };
}

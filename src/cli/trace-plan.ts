import { loadCatalog } from '../catalog/catalog.ts';
import type { PlanTrace } from '../planning/trace/plan-trace.ts';
import { traceServer } from '../planning/trace/trace-server.ts';
import { InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { findServer } from './find-server.ts';
import { createFlagReader } from './flag-reader.ts';
import { loadSource } from './inventory-source.ts';
import { judgesOf } from './judge-plan.ts';
import type { JudgingFlags } from './judging-flags.ts';
import { loadPlan } from './load.ts';
import { readPlannedOptions } from './planned-options.ts';

/** Options that a plan brings with it. */
const ofThePlan = ['--to', '--release', '--rules', '--allow', '--unknown'] as const;

interface Flags extends JudgingFlags {
  readonly plan: string;
  readonly to?: string;
}

/**
 * The way of one server through a plan, on the cloud of the usual sources.
 *
 * @throws InputError with every problem.
 */
export async function tracePlan(typed: string, flags: Flags, cli: CliContext): Promise<PlanTrace> {
  const read = createFlagReader();
  const given: Readonly<Record<(typeof ofThePlan)[number], string | undefined>> = {
    '--to': flags.to,
    '--release': flags.release,
    '--rules': flags.rules,
    '--allow': flags.allow.length === 0 ? undefined : flags.allow.join(','),
    '--unknown': flags.unknown === 'assume' ? undefined : flags.unknown,
  };
  for (const flag of ofThePlan) {
    const value = given[flag];
    if (value !== undefined)
      read.refuse(flag, value, 'a plan is judged by its own options', 'leave it out with --plan');
  }
  if (read.problems.length > 0) throw new InputError(read.problems);
  const plan = await loadPlan(flags.plan);
  readPlannedOptions(plan.basedOn); // what is wrong with these is told before a cloud is read
  const catalog = await loadCatalog();
  const { cloud, digest: inventoryDigest } = await loadSource(flags, cli, flags.plan);
  const server = findServer('SERVER', typed, cloud, read);
  if (server === undefined) throw new InputError(read.problems);
  return traceServer({ plan, server, ...judgesOf(plan, cloud, catalog), inventoryDigest });
}

import { warningRules } from '../../replay/warnings/registry.ts';
import { hostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import type { Explanation } from '../../planning/explain/explanation.ts';
import { explainServer } from '../../planning/explain/explain.ts';
import { createState } from '../../replay/state.ts';
import { explainReport } from '../../report/explain-report.ts';
import { planTraceReport } from '../../report/plan-trace.ts';
import { invariant } from '../../shared/invariant.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findServer } from '../find-server.ts';
import { addJudgingOptions, type JudgingFlags } from '../judging-flags.ts';
import { printResult } from '../output.ts';
import { readContext } from '../read-context.ts';
import { tracePlan } from '../trace-plan.ts';
import { checkHosts } from '../selectors.ts';

interface Flags extends JudgingFlags {
  readonly plan?: string;
  readonly to?: string;
  readonly json?: true;
}

/** `planner explain`: where one server could go, and why not elsewhere. */
export const addExplain: AddCommand = (program, context, finish) => {
  const command = program
    .command('explain')
    .description('say where a server could go now, and what keeps it from every other host')
    .argument('<server>', 'its id, the beginning of its id, or its name')
    .option('--to <host>', 'ask this host alone, about every way there is')
    .option('--plan <file>', 'trace it through this plan: why it moves, why there, why then, what else');
  addJudgingOptions(command, 'the cloud that it is in')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner explain web-01
  planner explain web-01 --to kvm-b02
  planner explain 6f45 --allow cold --json | jq '.groups[].reasons'
  planner explain web-01 --plan plan.json

The exit code is 0 when some host (or the one of --to) takes the server, and 1 when none does; with --plan it is 0,
or 1 when the server is not where the plan expects it.`,
    )
    .action((server: string, flags: Flags) =>
      finish(async () => {
        if (flags.plan !== undefined) {
          const trace = await tracePlan(server, { ...flags, plan: flags.plan }, context);
          printResult(context, flags.json, trace, (value) =>
            planTraceReport(value, context.width, context.paint.out),
          );
          return trace.legs.some(({ stale }) => stale !== undefined) ? exitCodes.no : exitCodes.done;
        }
        const explanation = await explain(server, flags, context);
        printResult(context, flags.json, explanation, (value) =>
          explainReport(value, context.width, context.paint.out),
        );
        return explanation.hosts.some(({ verdict }) => verdict === 'yes') ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function explain(typed: string, flags: Flags, cli: CliContext): Promise<Explanation> {
  let server: Server | undefined;
  const { context, rules } = await readContext(flags, cli, (cloud, read) => {
    server = findServer('SERVER', typed, cloud, read);
    if (flags.to !== undefined) checkHosts('--to', [flags.to], cloud, read);
  });
  invariant(server !== undefined, 'a server that is not found is a problem');
  const to = flags.to === undefined ? {} : { to: hostId(flags.to) };
  return explainServer({ server, rules, warnings: warningRules, ...to }, createState(context));
}

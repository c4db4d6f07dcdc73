import { loadCatalog } from '../../catalog/catalog.ts';
import { rules } from '../../constraints/registry.ts';
import { readJournal } from '../../execute/journal/journal-file.ts';
import type { Changed } from '../../execute/way-back.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Plan } from '../../plan/plan.ts';
import { type BackOutcome, planBack } from '../../planning/plan-back.ts';
import { hostsToEnable } from '../../planning/undrain.ts';
import { revertText } from '../../report/client.ts';
import { listLines } from '../../report/list-section.ts';
import { showPlan } from '../../report/show-plan.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { deliverBack } from '../deliver-back.ts';
import { standardOutput } from '../files.ts';
import { journalOf, refuseToReplace, refuseWithJournal } from '../journal-file.ts';
import { loadCloud, type LoadedCloud, loadPlan } from '../load.ts';
import { readTooEarly } from '../moved-by-run.ts';
import { changedByRun } from '../plan-chain.ts';
import { readPlannedOptions } from '../planned-options.ts';
import { answer, say } from '../tell.ts';

interface Flags {
  readonly inventory: string;
  readonly journal?: string;
  readonly out: string;
  readonly json?: true;
}

/** `planner rollback`: a plan that brings the servers of a run back. */
export const addRollback: AddCommand = (program, context, finish) => {
  program
    .command('rollback')
    .description('plan how to bring back what the run of a plan has moved')
    .argument('<plan>', 'the file of the plan that was carried out, wholly or in part')
    .option('--inventory <file>', 'the cloud as it is now', 'inventory.json')
    .option('--journal <file>', 'where the journal stands; beside the plan by default')
    .option('-o, --out <file>', 'where the new plan goes; - for standard output', 'rollback.json')
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner import --from recorded-now -o now.json
  planner rollback plan.json --inventory now.json --out back.json
  planner run back.json --cloud prod

The servers that the run has moved go back, in an order of their own that is verified like every plan; hosts that it
has disabled are enabled first. The exit code is 1 when the rules allow no way back.`,
    )
    .action((file: string, flags: Flags) => finish(() => rollback(file, flags, context)));
};

async function rollback(file: string, flags: Flags, context: CliContext): Promise<ExitCode> {
  const plan = await loadPlan(file);
  if (flags.out !== standardOutput) await refuseWithJournal(flags.out);
  await refuseToReplace('--out', flags.out, { 'the inventory': flags.inventory });
  const path = flags.journal ?? journalOf(file);
  const { entries } = await readJournal(path);
  const last = entries.at(-1);
  if (last === undefined) throw new InputError([noJournal(path)]);
  const loaded = loadCloud(flags.inventory);
  if (Date.parse(loaded.cloud.capturedAt) < Date.parse(last.at))
    throw new InputError([readTooEarly(flags.inventory, loaded.cloud.capturedAt, last.at)]);
  const changed = await changedByRun(plan, path, entries);
  const unconfirmed = waitingForYou(changed, plan, loaded.cloud);
  if (unconfirmed.length > 0) {
    const then = 'then import the cloud again, and ask for the way back once more';
    say('revert these first, they wait for a confirmation:', context);
    context.err(`${unconfirmed.join('\n')}\n`);
    say(then, context);
    return exitCodes.no;
  }
  const homes = toBring(changed, loaded.cloud);
  const { enable, refused } = hostsToEnable(loaded.cloud, changed.disabled, { force: false });
  if (refused.length > 0)
    context.err(`${['Hosts that stay disabled:', ...listLines(refused, context.width)].join('\n')}\n`);
  if (homes.size === 0 && enable.length === 0) {
    answer(
      refused.length === 0
        ? 'nothing to do: everything is where it was'
        : 'nothing to do but for these hosts',
      context,
    );
    return exitCodes.done;
  }
  const outcome = await planned(plan, loaded, homes, enable, context);
  return deliverBack(context, flags, outcome, (value) => words(value, flags.out, context.width));
}

/** Without the limits of the first plan: all of it is to be taken back. */
async function planned(
  plan: Plan,
  { cloud, digest }: LoadedCloud,
  homes: ReadonlyMap<ServerId, HostId>,
  enable: readonly HostId[],
  { version }: CliContext,
): Promise<BackOutcome> {
  const { cpuTable } = await loadCatalog();
  const { profile: name, release, rules: operatorRules } = plan.basedOn;
  const { allow, unknown, effort, seed, maxParallel } = readPlannedOptions(plan.basedOn);
  const request = {
    cloud,
    inventoryDigest: digest,
    profile: { name, ...release },
    rules,
    cpuTable,
    ...(operatorRules !== undefined && { operatorRules }),
    options: {
      ...{ allow, unknown, effort, seed },
      ...{ exclude: [], only: [], drain: [], minGain: 0, spareHosts: 0, headroomPercent: 0, reEnable: false },
      ...(maxParallel !== undefined && { maxParallel }),
    },
  };
  return planBack(request, homes, enable, version);
}

/** Servers that are not where they were. */
const toBring = ({ homes }: Changed, { servers }: Cloud): ReadonlyMap<ServerId, HostId> =>
  new Map([...homes].filter(([id, home]) => servers.has(id) && servers.get(id)?.host !== home));

const waitingForYou = ({ homes }: Changed, plan: Plan, { servers }: Cloud): readonly string[] =>
  [...homes.keys()]
    .filter((id) => servers.get(id)?.status === 'VERIFY_RESIZE')
    .map((id) => `  ${revertText(id, plan)}`);

function words(outcome: BackOutcome, out: string, width: number): string {
  if (outcome.kind === 'planned')
    return showPlan(outcome.plan, { width, steps: false, ...(out !== standardOutput && { planFile: out }) });
  return `${['there is no way back for all of it:', ...listLines(outcome.because, width)].join('\n')}\n`;
}

const noJournal = (source: string): Diagnostic => ({
  code: 'run.no-journal',
  severity: 'error',
  summary: 'this plan has no journal: there is nothing to take back',
  source,
  hint: 'name the journal of its run with --journal',
});

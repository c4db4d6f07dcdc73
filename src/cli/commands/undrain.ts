import { loadCatalog } from '../../catalog/catalog.ts';
import { rules } from '../../constraints/registry.ts';
import type { Disruption } from '../../constraints/context.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { hostId } from '../../model/ids.ts';
import type { Plan } from '../../plan/plan.ts';
import { type BackOutcome, planBack } from '../../planning/plan-back.ts';
import { hostsToEnable, serversToRestore } from '../../planning/undrain.ts';
import { listLines } from '../../report/list-section.ts';
import { showPlan } from '../../report/show-plan.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { deliverBack } from '../deliver-back.ts';
import { standardOutput } from '../files.ts';
import { createFlagReader } from '../flag-reader.ts';
import { addSourceOptions, loadSource, type SourceFlags } from '../inventory-source.ts';
import { refuseToReplace, refuseWithJournal } from '../journal-file.ts';
import { readAllowed, repeated } from '../judging-flags.ts';
import { type LoadedCloud, loadPlan } from '../load.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { readPlannedOptions } from '../planned-options.ts';
import { chooseProfile, readRelease, releaseHelp, showNotes } from '../release.ts';
import { loadMoved } from '../moved-by-run.ts';
import { checkHosts } from '../selectors.ts';
import { disruptions } from '../../constraints/context.ts';

interface Flags extends SourceFlags {
  readonly restore?: string;
  readonly journal?: string;
  readonly forceEnable?: true;
  readonly allow: readonly string[];
  readonly release?: string;
  readonly out: string;
  readonly json?: true;
}

/** `planner undrain`: takes hosts into use again, and brings their servers back. */
export const addUndrain: AddCommand = (program, context, finish) => {
  const command = program
    .command('undrain')
    .description('plan how to take hosts into use again, and bring their servers back')
    .argument('<host...>', 'hosts that a plan has emptied and disabled');
  addSourceOptions(command, 'the cloud as it is now')
    .option('--restore <plan>', 'also bring back the servers that this plan, or its run, has moved')
    .option('--journal <file>', 'where the journal of that plan stands; beside it by default')
    .option('--force-enable', 'enable hosts too that somebody else disabled, or that keep what was evacuated')
    .addOption(
      repeated('--allow <list>', 'disruptions that are allowed besides those of the plan', disruptions),
    )
    .option('--release <profile>', releaseHelp)
    .option('-o, --out <file>', 'where the new plan goes; - for standard output', 'undrain.json')
    .option('--json', 'the answer as JSON')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
Examples:
  planner undrain kvm-a01 --cloud prod
  planner undrain kvm-a01 --restore drain.json --cloud prod --out back.json
  planner run back.json --cloud prod

Only hosts that are up and that a plan has disabled are enabled; others are told with the reason that somebody gave, and
nothing is planned. Servers that have been moved on since, or are gone, are told and left alone. The exit code is 1 when
the hosts are not to be enabled, or nobody finds a way back.`,
    )
    .action((hosts: string[], flags: Flags) => finish(() => undrain(hosts, flags, context)));
};

async function undrain(names: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  const read = createFlagReader();
  const problems: Diagnostic[] = [];
  const { restore } = flags;
  const catalog = await loadCatalog();
  const allow = readAllowed(flags.allow, read);
  const named = readRelease(flags.release, catalog, read);
  const plan = restore === undefined ? undefined : await orProblems(() => loadPlan(restore), problems);
  const loaded = await orProblems(() => loadSource(flags, context, flags.out), problems);
  if (loaded !== undefined) checkHosts('HOST', names, loaded.cloud, read);
  if (flags.journal !== undefined && restore === undefined)
    read.refuse('--journal', flags.journal, 'only with --restore');
  const moved =
    plan === undefined || restore === undefined || loaded === undefined
      ? undefined
      : await orProblems(() => loadMoved(plan, restore, flags.journal, loaded), problems);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || loaded === undefined) throw new InputError(all);
  if (flags.out !== standardOutput) await refuseWithJournal(flags.out);
  await refuseToReplace('--out', flags.out, { 'the inventory': loaded.file });

  const hosts = [...new Set(names)].map(hostId);
  const { enable, told, refused } = hostsToEnable(loaded.cloud, hosts, {
    force: flags.forceEnable === true,
    ...(plan !== undefined && { plans: moved?.plans ?? [plan] }),
  });
  const back =
    plan === undefined || moved === undefined
      ? { homes: new Map<ServerId, HostId>(), told: [] }
      : serversToRestore(moved.plans, moved.homes, loaded.cloud, hosts);
  tell([...told, ...back.told], context);
  const { profile, notes } = chooseProfile(named ?? profileOf(plan), loaded.cloud.release, catalog);
  showNotes(notes, context);
  if (refused.length === 0 && enable.length === 0 && back.homes.size === 0) {
    printResult(context, flags.json, nothingToDo, ({ because }) => `nothing to do: ${because}\n`);
    return exitCodes.done;
  }
  const outcome: BackOutcome =
    refused.length > 0
      ? { kind: 'impossible', because: refused }
      : planBack(
          {
            cloud: loaded.cloud,
            inventoryDigest: loaded.digest,
            profile,
            rules,
            cpuTable: catalog.cpuTable,
            ...(plan?.basedOn.rules !== undefined && { operatorRules: plan.basedOn.rules }),
            options: optionsOf(plan, allow),
          },
          back.homes,
          enable,
          context.version,
          { name: 'undrain', anyHow: true },
        );
  return deliverBack(context, flags, outcome, (value) => words(value, flags, loaded, context.width));
}

const nothingToDo = { kind: 'nothing-to-do', because: 'everything is as it was' } as const;

const profileOf = (plan: Plan | undefined) =>
  plan === undefined ? undefined : { name: plan.basedOn.profile, ...plan.basedOn.release };

/** Without the limits of the first plan: all of it is to be taken back. */
function optionsOf(plan: Plan | undefined, allow: readonly Disruption[]) {
  const { maxParallel, ...planned } =
    plan === undefined ? usual : { ...usual, ...readPlannedOptions(plan.basedOn) };
  return {
    allow: [...new Set([...planned.allow, ...allow])],
    unknown: planned.unknown,
    effort: planned.effort,
    seed: planned.seed,
    ...{ exclude: [], only: [], drain: [], minGain: 0, spareHosts: 0, headroomPercent: 0, reEnable: false },
    ...(maxParallel !== undefined && { maxParallel }),
  };
}

const usual: {
  readonly allow: readonly Disruption[];
  readonly unknown: 'assume' | 'refuse';
  readonly effort: number;
  readonly seed: number;
  readonly maxParallel?: number;
} = { allow: [], unknown: 'assume', effort: 100, seed: 1 };

function tell(texts: readonly string[], { err, width }: CliContext): void {
  if (texts.length > 0) err(`${['To be known:', ...listLines(texts, width)].join('\n')}\n`);
}

function words(outcome: BackOutcome, { out }: Flags, { file }: LoadedCloud, width: number): string {
  if (outcome.kind === 'planned')
    return showPlan(outcome.plan, {
      width,
      steps: false,
      ...(out !== standardOutput && { planFile: out }),
      ...(file !== 'inventory.json' && { inventoryFile: file }),
    });
  return `${['nothing is planned:', ...listLines(outcome.because, width)].join('\n')}\n`;
}

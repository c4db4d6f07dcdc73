import { type Catalog, loadCatalog } from '../../catalog/catalog.ts';
import { createContext } from '../../constraints/create-context.ts';
import { rules } from '../../constraints/registry.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Profile } from '../../model/profile.ts';
import { diffPlans } from '../../plan/diff/diff-plans.ts';
import type { PlanDiff } from '../../plan/diff/plan-diff.ts';
import type { Plan } from '../../plan/plan.ts';
import { verifyPlan } from '../../plan/verify-plan.ts';
import type { CloudDiff } from '../../planning/compare/cloud-diff.ts';
import { type Audited, compareClouds } from '../../planning/compare/compare-clouds.ts';
import { cloudDiffReport, planDiffReport } from '../../report/diff-report.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type DocumentKind, documentKind } from '../document-kind.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { judgesOf } from '../judge-plan.ts';
import { loadCloud, type LoadedCloud, loadOnlyCloud, loadPlan } from '../load.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { chooseProfile, readRelease, releaseHelp, showNotes } from '../release.ts';

interface Flags {
  readonly plan?: string;
  readonly release?: string;
  readonly json?: true;
}

/** `planner diff`: what differs between two plans or two inventories, and what that means. */
export const addDiff: AddCommand = (program, context, finish) => {
  program
    .command('diff')
    .description('say what differs between two plans, or two inventories, and what that means')
    .argument('<before>', 'a plan, or an inventory')
    .argument('<after>', 'another of the same kind')
    .option('--plan <file>', 'of inventories: say whether this plan holds on the second one')
    .option('--release <profile>', releaseHelp)
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner diff plan.json other-plan.json
  planner diff monday.json.gz tuesday.json.gz
  planner diff inventory.json later.json --plan plan.json
  planner diff plan.json other-plan.json --json | jq '.moves.retargeted'

The exit code is 0 when nothing differs, 1 when something does (or the plan of --plan does not hold).`,
    )
    .action((before: string, after: string, flags: Flags) =>
      finish(async () => {
        const diff = await compare(before, after, flags, context);
        printResult(context, flags.json, diff, (value) =>
          value.kind === 'plans'
            ? planDiffReport(value, context.width, context.paint.out)
            : cloudDiffReport(value, context.width, context.paint.out),
        );
        const holds = diff.kind === 'plans' || diff.plan?.holds !== false;
        return diff.equal && holds ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function compare(
  before: string,
  after: string,
  flags: Flags,
  cli: CliContext,
): Promise<PlanDiff | CloudDiff> {
  const problems: Diagnostic[] = [];
  const read = createFlagReader();
  const catalog = await loadCatalog();
  const named = readRelease(flags.release, catalog, read);
  const kinds = [
    await orProblems(() => documentKind(before), problems),
    await orProblems(() => documentKind(after), problems),
  ] as const;
  if (kinds.includes('plan'))
    for (const [flag, value] of [
      ['--plan', flags.plan],
      ['--release', flags.release],
    ] as const)
      if (value !== undefined) read.refuse(flag, value, 'this is for two inventories', 'leave it out');
  problems.push(...read.problems, ...mixedProblems(kinds, [before, after]));
  if (problems.length > 0) throw new InputError(problems);
  if (kinds[0] === 'plan') {
    const [a, b] = await both(before, after, loadPlan);
    return diffPlans(a, b);
  }
  const plan = await orProblems(
    () => (flags.plan === undefined ? undefined : loadPlan(flags.plan)),
    problems,
  );
  const old = await orProblems(() => loadOnlyCloud(before), problems);
  const now = await orProblems(() => loadLater(after, plan, catalog), problems);
  if (old === undefined || now === undefined || problems.length > 0) throw new InputError(problems);
  const diff = compareClouds(auditedBy(old, named, catalog, cli), auditedBy(now.cloud, named, catalog, cli));
  return { ...diff, ...(now.plan !== undefined && { plan: now.plan }) };
}

/** The later cloud, and whether a plan holds on it. */
function loadLater(
  file: string,
  plan: Plan | undefined,
  catalog: Catalog,
): Pick<CloudDiff, 'plan'> & { readonly cloud: Cloud } {
  if (plan === undefined) return { cloud: loadOnlyCloud(file) };
  const loaded = loadCloud(file);
  return { cloud: loaded.cloud, plan: holdsOn(plan, loaded, catalog) };
}

/** Two documents, with the problems of both where there are any. */
async function both<Document>(
  before: string,
  after: string,
  load: (file: string) => Document | Promise<Document>,
): Promise<readonly [Document, Document]> {
  const problems: Diagnostic[] = [];
  const [a, b] = [
    await orProblems(() => load(before), problems),
    await orProblems(() => load(after), problems),
  ];
  if (a === undefined || b === undefined) throw new InputError(problems);
  return [a, b];
}

function mixedProblems(
  [before, after]: readonly (DocumentKind | undefined)[],
  files: readonly [string, string],
): readonly Diagnostic[] {
  if (before === undefined || after === undefined || before === after) return [];
  return [
    {
      code: 'diff.mixed',
      severity: 'error',
      summary: `${files[0]} is ${kindWords[before]}, ${files[1]} is ${kindWords[after]}: only two of a kind are compared`,
      hint: 'name two plans or two inventories; `planner verify PLAN --inventory FILE` checks a plan on an inventory',
    },
  ];
}

const kindWords: Readonly<Record<DocumentKind, string>> = {
  plan: 'a plan',
  inventory: 'no plan, so an inventory',
};

function auditedBy(cloud: Cloud, named: Profile | undefined, catalog: Catalog, cli: CliContext): Audited {
  const { profile, notes } = chooseProfile(named, cloud.release, catalog);
  showNotes(notes, cli);
  return {
    context: createContext(cloud, profile, catalog.cpuTable, { allow: [], unknown: 'assume' }),
    rules,
  };
}

function holdsOn(
  plan: Plan,
  { cloud, digest }: LoadedCloud,
  catalog: Catalog,
): NonNullable<CloudDiff['plan']> {
  const { ok, findings } = verifyPlan({ plan, ...judgesOf(plan, cloud, catalog), inventoryDigest: digest });
  return { id: plan.id, holds: ok, findings };
}

import type { Command } from 'commander';
import type { Catalog } from '../catalog/catalog.ts';
import type { Profile } from '../model/profile.ts';
import { selectorKinds } from '../model/named.ts';
import type { PlanningOptions } from '../planning/planning-request.ts';
import type { UsageLoads } from '../objective/goal.ts';
import type { BackendId } from '../solve/backend.ts';
import { backendIds } from '../solve/backends/registry.ts';
import {
  addCalendarOptions,
  type CalendarFlags,
  type CalendarSettings,
  readCalendarFlags,
} from './calendar-flags.ts';
import type { FlagReader } from './flag-reader.ts';
import { addJudgingOptions, type JudgingFlags, readJudging, repeated } from './judging-flags.ts';
import { chosen } from './choices.ts';

/** What every planning command takes, as commander gives it. */
export interface PlanningFlags extends JudgingFlags, CalendarFlags {
  readonly out: string;
  readonly goalFile?: string;
  readonly solver: string;
  readonly exclude: readonly string[];
  readonly only: readonly string[];
  readonly maxMoves?: string;
  readonly maxGib?: string;
  readonly minGain?: string;
  readonly spareHosts?: string;
  readonly headroom?: string;
  readonly surviveHostLoss?: true;
  readonly reEnable?: true;
  readonly by?: string;
  readonly usageMargin?: string;
  readonly maxParallel?: string;
  readonly maxInbound?: string;
  readonly migrationMbps?: string;
  readonly networkShare?: string;
  readonly timeLimit?: string;
  readonly effort: string;
  readonly seed: string;
  readonly threads?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** What to plan with; what names things of the cloud, and what a goal says by itself, come in later. */
export interface PlanningSettings {
  readonly solver: BackendId;
  /** How many threads solve and search; absent where nobody said. */
  readonly threads: number | undefined;
  /** The one that was named; absent where the cloud is to tell its release. */
  readonly profile?: Profile;
  /** What loads count, where that was said; the goal says it otherwise. */
  readonly by?: UsageLoads | 'allocation';
  /** When migrations may run; its start may hang on the cloud. */
  readonly calendar?: NonNullable<CalendarSettings['calendar']>;
  readonly options: Omit<
    PlanningOptions,
    'calendar' | 'drain' | 'exclude' | 'only' | 'spareHosts' | 'headroomPercent'
  > &
    Partial<Pick<PlanningOptions, 'spareHosts' | 'headroomPercent'>>;
}

const most = {
  count: 1_000_000,
  gib: 1_000_000_000,
  gain: 1e12,
  seconds: 86_400,
  margin: 1000,
  threads: 256,
  seed: Number.MAX_SAFE_INTEGER,
};

const loadsBy = ['allocation', 'usage'] as const;

/** Adds the options of planning to a command. */
export function addPlanningOptions(command: Command): Command {
  const judging = addJudgingOptions(command, 'the cloud to plan for');
  return addCalendarOptions(addMoreOptions(judging))
    .option('--json', 'the result as JSON')
    .option('--quiet', 'no progress');
}

const addMoreOptions = (command: Command): Command =>
  command
    .option('-o, --out <file>', 'where the plan goes; - for standard output', 'plan.json')
    .option('--goal-file <file>', 'a goal of your own, as in models/README.md')
    .addOption(repeated('--exclude <kind:value>', `keep these out: ${selectorKinds.join(', ')}`))
    .addOption(repeated('--only <kind:value>', 'move only these servers'))
    .option('--max-moves <n>', 'migrate at most so many servers')
    .option('--max-gib <n>', 'copy at most so many GiB')
    .option(
      '--min-gain <n>',
      'make no plan that gains less than this, in units of the objective, in any of its priorities',
    )
    .option('--spare-hosts <n>', 'empty hosts that each zone keeps enabled')
    .option('--headroom <percent>', 'capacity that every host keeps free at the end')
    .option('--survive-host-loss', 'keep room at the end to evacuate any one host')
    .addOption(
      chosen(
        '--by <what>',
        'what loads count: allocation, usage (as the goal says, allocation otherwise)',
        loadsBy,
      ),
    )
    .option('--usage-margin <percent>', 'added to measured usage with --by usage (20)')
    .option('--re-enable', 'enable emptied hosts again at the end')
    .option('--max-parallel <n>', 'at most so many migrations at a time')
    .option('--max-inbound <n>', 'at most so many migrations to one host at a time')
    .option('--migration-mbps <n>', 'Mbit/s that no migration takes more of')
    .option('--network-share <percent>', 'what migrations may take of every NIC and link together (100)')
    .addOption(chosen('--solver <name>', backendIds.join(', '), backendIds).default(backendIds[0]))
    .option('--time-limit <seconds>', 'stop looking for a better plan after this time')
    .option('--effort <n>', 'how hard to look; the same effort gives the same plan', '100')
    .option('--seed <n>', 'where chance begins', '1')
    .option('--threads <n>', 'threads that solve and search; the plan is the same with any (cores less one)');

/** The values of the options; what is wrong with them stands in the reader. Undefined where it makes them useless. */
export function readPlanningFlags(
  flags: PlanningFlags,
  catalog: Catalog,
  read: FlagReader,
): PlanningSettings | undefined {
  const solver = read.choice('--solver', flags.solver, backendIds);
  const judging = readJudging(flags, catalog, read);
  const effort = read.integer('--effort', flags.effort, 1, most.count);
  const seed = read.integer('--seed', flags.seed, 0, most.seed);
  const minGain = read.number('--min-gain', flags.minGain ?? '0', 0, most.gain);
  const by = readBy(flags, read);
  const { calendar, ...wishes } = readCalendarFlags(flags, read);
  const threads = read.integer('--threads', flags.threads, 1, most.threads);
  const limits = definedMembers({
    maxMoves: read.integer('--max-moves', flags.maxMoves, 0, most.count),
    maxGiB: read.number('--max-gib', flags.maxGib, 0, most.gib),
    spareHosts: read.integer('--spare-hosts', flags.spareHosts, 0, most.count),
    headroomPercent: read.integer('--headroom', flags.headroom, 0, 99),
    maxParallel: read.integer('--max-parallel', flags.maxParallel, 1, most.count),
    maxInbound: read.integer('--max-inbound', flags.maxInbound, 1, most.count),
    migrationMbps: read.integer('--migration-mbps', flags.migrationMbps, 1, most.count),
    networkSharePercent: read.integer('--network-share', flags.networkShare, 1, 100),
    timeLimitSeconds: read.number('--time-limit', flags.timeLimit, 0.001, most.seconds),
  });
  if (solver === undefined || judging === undefined) return undefined;
  if (effort === undefined || seed === undefined || minGain === undefined) return undefined;
  const reEnable = flags.reEnable === true;
  const { profile, allow, unknown } = judging;
  return {
    solver,
    threads,
    ...(profile !== undefined && { profile }),
    ...(by !== undefined && { by }),
    ...(calendar !== undefined && { calendar }),
    options: {
      ...wishes,
      allow,
      unknown,
      minGain,
      reEnable,
      effort,
      seed,
      ...(flags.surviveHostLoss === true && { surviveHostLoss: true }),
      ...limits,
    },
  };
}

const usageMargin = '20';

function readBy(flags: PlanningFlags, read: FlagReader): UsageLoads | 'allocation' | undefined {
  const by = read.choice('--by', flags.by, loadsBy);
  const margin = read.integer('--usage-margin', flags.usageMargin ?? usageMargin, 0, most.margin);
  if (flags.usageMargin !== undefined && by !== 'usage')
    read.refuse('--usage-margin', flags.usageMargin, 'only measured usage has a margin', 'add --by usage');
  return by === 'usage' ? { by, marginPercent: margin ?? 0 } : by;
}

type Defined<Value> = { readonly [Member in keyof Value]?: Exclude<Value[Member], undefined> };

function definedMembers<Value extends object>(value: Value): Defined<Value>;
function definedMembers(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

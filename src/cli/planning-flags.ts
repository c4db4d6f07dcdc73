import { Option, type Command } from 'commander';
import type { Catalog } from '../catalog/catalog.ts';
import { type Disruption, disruptions } from '../constraints/context.ts';
import type { Profile } from '../model/profile.ts';
import type { PlanningOptions } from '../planning/planning-request.ts';
import type { BackendId } from '../solve/backend.ts';
import { backendIds } from '../solve/backends/registry.ts';
import type { FlagReader } from './flag-reader.ts';
import { readRelease, releaseHelp } from './release.ts';

/** What every planning command takes, as commander gives it. */
export interface PlanningFlags {
  readonly inventory: string;
  readonly out: string;
  readonly goalFile?: string;
  readonly release?: string;
  readonly solver: string;
  readonly allow: readonly string[];
  readonly unknown: string;
  readonly exclude: readonly string[];
  readonly only: readonly string[];
  readonly maxMoves?: string;
  readonly maxGib?: string;
  readonly minGain?: string;
  readonly spareHosts?: string;
  readonly headroom?: string;
  readonly reEnable?: true;
  readonly maxParallel?: string;
  readonly timeLimit?: string;
  readonly effort: string;
  readonly seed: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** What to plan with; what names things of the cloud, and what a goal says by itself, come in later. */
export interface PlanningSettings {
  readonly solver: BackendId;
  /** The one that was named; absent where the cloud is to tell its release. */
  readonly profile?: Profile;
  readonly options: Omit<PlanningOptions, 'drain' | 'exclude' | 'only' | 'spareHosts' | 'headroomPercent'> &
    Partial<Pick<PlanningOptions, 'spareHosts' | 'headroomPercent'>>;
}

const most = {
  count: 1_000_000,
  gib: 1_000_000_000,
  gain: 1e12,
  seconds: 86_400,
  seed: Number.MAX_SAFE_INTEGER,
};

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

/** Adds the options of planning to a command. */
export function addPlanningOptions(command: Command): Command {
  const repeated = (flags: string, description: string): Option =>
    new Option(flags, description).argParser(collect).default([], 'none');
  return command
    .option('--inventory <file>', 'the cloud to plan for', 'inventory.json')
    .option('--out <file>', 'where the plan goes; - for standard output', 'plan.json')
    .option('--goal-file <file>', 'a goal of your own, as in models/README.md')
    .option('--release <profile>', releaseHelp)
    .addOption(repeated('--allow <list>', `disruptions that are allowed: ${disruptions.join(', ')}`))
    .option('--unknown <how>', 'where facts are missing: assume the safe choice, or refuse', 'assume')
    .addOption(repeated('--exclude <kind:value>', 'keep these out: server, host, project, tag or aggregate'))
    .addOption(repeated('--only <kind:value>', 'move only these servers'))
    .option('--max-moves <n>', 'migrate at most so many servers')
    .option('--max-gib <n>', 'copy at most so many GiB')
    .option('--min-gain <n>', 'make no plan that gains less than this, in units of the objective')
    .option('--spare-hosts <n>', 'empty hosts that each zone keeps enabled')
    .option('--headroom <percent>', 'capacity that every host keeps free at the end')
    .option('--re-enable', 'enable emptied hosts again at the end')
    .option('--max-parallel <n>', 'at most so many migrations at a time')
    .option('--solver <name>', backendIds.join(', '), backendIds[0])
    .option('--time-limit <seconds>', 'stop looking for a better plan after this time')
    .option('--effort <n>', 'how hard to look; the same effort gives the same plan', '20')
    .option('--seed <n>', 'where chance begins', '1')
    .option('--json', 'the result as JSON')
    .option('--quiet', 'no progress');
}

/** The values of the options; what is wrong with them stands in the reader. Undefined where it makes them useless. */
export function readPlanningFlags(
  flags: PlanningFlags,
  catalog: Catalog,
  read: FlagReader,
): PlanningSettings | undefined {
  const solver = read.choice('--solver', flags.solver, backendIds);
  const profile = readRelease(flags.release, catalog, read);
  const unknown = read.choice('--unknown', flags.unknown, ['assume', 'refuse']);
  const effort = read.integer('--effort', flags.effort, 1, most.count);
  const seed = read.integer('--seed', flags.seed, 0, most.seed);
  const minGain = read.number('--min-gain', flags.minGain ?? '0', 0, most.gain);
  const limits = definedMembers({
    maxMoves: read.integer('--max-moves', flags.maxMoves, 0, most.count),
    maxGiB: read.number('--max-gib', flags.maxGib, 0, most.gib),
    spareHosts: read.integer('--spare-hosts', flags.spareHosts, 0, most.count),
    headroomPercent: read.integer('--headroom', flags.headroom, 0, 99),
    maxParallel: read.integer('--max-parallel', flags.maxParallel, 1, most.count),
    timeLimitSeconds: read.number('--time-limit', flags.timeLimit, 0.001, most.seconds),
  });
  const allow = readAllowed(flags.allow, read);
  if (solver === undefined || unknown === undefined) return undefined;
  if (effort === undefined || seed === undefined || minGain === undefined) return undefined;
  const reEnable = flags.reEnable === true;
  return {
    solver,
    ...(profile !== undefined && { profile }),
    options: { allow, unknown, minGain, reEnable, effort, seed, ...limits },
  };
}

type Defined<Value> = { readonly [Member in keyof Value]?: Exclude<Value[Member], undefined> };

function definedMembers<Value extends object>(value: Value): Defined<Value>;
function definedMembers(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** Words with commas between, the option given once or more. */
function readAllowed(lists: readonly string[], read: FlagReader): Disruption[] {
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  const allowed = new Set<Disruption>();
  for (const word of words) {
    const disruption = read.choice('--allow', word, disruptions);
    if (disruption !== undefined) allowed.add(disruption);
  }
  return disruptions.filter((disruption) => allowed.has(disruption));
}

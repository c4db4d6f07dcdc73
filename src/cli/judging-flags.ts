import { type Command, Option } from 'commander';
import type { Catalog } from '../catalog/catalog.ts';
import { type Disruption, disruptions } from '../constraints/context.ts';
import type { Profile } from '../model/profile.ts';
import type { FlagReader } from './flag-reader.ts';
import { addSourceOptions, type SourceFlags } from './inventory-source.ts';
import { readRelease, releaseHelp } from './release.ts';
import { chosen } from './choices.ts';

/** What decides how rules judge a cloud, as commander gives it. */
export interface JudgingFlags extends SourceFlags {
  readonly release?: string;
  readonly rules?: string;
  readonly allow: readonly string[];
  readonly unknown: string;
}

/** The same, read. */
export interface Judging {
  /** The one that `--release` names; absent where the cloud's own evidence decides. */
  readonly profile?: Profile;
  readonly allow: readonly Disruption[];
  readonly unknown: 'assume' | 'refuse';
}

export const rulesHelp = 'rules of your own, besides those of Nova';

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

const unknowns = ['assume', 'refuse'] as const;

/** An option that may be given more than once; of these words, where there are any. */
export const repeated = (flags: string, description: string, words: readonly string[] = []): Option =>
  (words.length === 0 ? new Option(flags, description) : chosen(flags, description, words))
    .argParser(collect)
    .default([], 'none');

/** Adds the options of judging to a command. */
export function addJudgingOptions(command: Command, inventory: string): Command {
  return addSourceOptions(command, inventory)
    .option('--release <profile>', releaseHelp)
    .option('--rules <file>', rulesHelp)
    .addOption(
      repeated('--allow <list>', `disruptions that are allowed: ${disruptions.join(', ')}`, disruptions),
    )
    .addOption(
      chosen(
        '--unknown <how>',
        'where facts are missing: assume the safe choice, or refuse',
        unknowns,
      ).default('assume'),
    );
}

/** The values of the options; what is wrong with them stands in the reader. Undefined where it makes them useless. */
export function readJudging(
  { release, allow, unknown }: Pick<JudgingFlags, 'release' | 'allow' | 'unknown'>,
  catalog: Catalog,
  read: FlagReader,
): Judging | undefined {
  const profile = readRelease(release, catalog, read);
  const how = read.choice('--unknown', unknown, unknowns);
  const allowed = readAllowed(allow, read);
  if (how === undefined) return undefined;
  return { allow: allowed, unknown: how, ...(profile !== undefined && { profile }) };
}

/** Words with commas between, the option given once or more. */
export function readAllowed(lists: readonly string[], read: FlagReader): Disruption[] {
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  const allowed = new Set<Disruption>();
  for (const word of words) {
    const disruption = read.choice('--allow', word, disruptions);
    if (disruption !== undefined) allowed.add(disruption);
  }
  return disruptions.filter((disruption) => allowed.has(disruption));
}

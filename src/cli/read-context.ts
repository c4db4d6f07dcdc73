import { loadCatalog } from '../catalog/catalog.ts';
import type { RuleContext } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import type { Cloud } from '../model/cloud.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { createFlagReader, type FlagReader } from './flag-reader.ts';
import { type JudgingFlags, readJudging } from './judging-flags.ts';
import { loadCloud } from './load.ts';
import { orProblems } from './or-problems.ts';
import { chooseProfile, showNotes } from './release.ts';

/**
 * What rules read, for the cloud, release and allowances that were typed; what is doubtful of the release is said on
 * standard error. `checkNames` notes what means nothing in
 * the cloud.
 *
 * @throws InputError with every problem of the options, the inventory and the names.
 */
export async function readContext(
  flags: JudgingFlags,
  cli: CliContext,
  checkNames: (cloud: Cloud, read: FlagReader) => void = () => undefined,
): Promise<RuleContext> {
  const read = createFlagReader();
  const problems: Diagnostic[] = [];
  const catalog = await loadCatalog();
  const judging = readJudging(flags, catalog, read);
  const loaded = await orProblems(() => loadCloud(flags.inventory), problems);
  if (loaded !== undefined) checkNames(loaded.cloud, read);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || judging === undefined || loaded === undefined) throw new InputError(all);
  const { profile, notes } = chooseProfile(judging.profile, loaded.cloud.release, catalog);
  showNotes(notes, cli);
  return createContext(loaded.cloud, profile, catalog.cpuTable, judging);
}

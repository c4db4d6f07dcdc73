import { loadCatalog } from '../catalog/catalog.ts';
import type { RuleContext } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import type { RulesDocument } from '../constraints/operator/document.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Cloud } from '../model/cloud.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { createFlagReader, type FlagReader } from './flag-reader.ts';
import { isLive, loadSource } from './inventory-source.ts';
import { type JudgingFlags, readJudging } from './judging-flags.ts';
import { checkRules, loadRules } from './load.ts';
import { orProblems } from './or-problems.ts';
import { chooseProfile, showNotes } from './release.ts';
import { tell } from './tell.ts';

/** What there is to judge, and the rules that judge it: those of Nova and the operator's own. */
export interface Judged {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
}

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
): Promise<Judged> {
  const read = createFlagReader();
  const problems: Diagnostic[] = [];
  const catalog = await loadCatalog();
  const judging = readJudging(flags, catalog, read);
  const loaded = await orProblems(
    () => (read.problems.length > 0 && isLive(flags, cli) ? undefined : loadSource(flags, cli)),
    problems,
  );
  const own = await orProblems(
    () => (flags.rules === undefined ? undefined : loadRules(flags.rules)),
    problems,
  );
  if (loaded !== undefined) checkNames(loaded.cloud, read);
  const warnings = await orProblems(() => warningsOf(own, loaded?.cloud, flags.rules), problems);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || judging === undefined || loaded === undefined) throw new InputError(all);
  const { profile, notes } = chooseProfile(judging.profile, loaded.cloud.release, catalog);
  showNotes(notes, cli);
  for (const warning of warnings ?? []) cli.err(`${tell(warning, cli)}\n`);
  return {
    context: createContext(loaded.cloud, profile, catalog.cpuTable, judging),
    rules: [...rules, ...operatorRules(own, loaded.cloud).rules],
  };
}

/** What in the rules names nothing of the cloud. */
const warningsOf = (
  own: RulesDocument | undefined,
  cloud: Cloud | undefined,
  file: string | undefined,
): readonly Diagnostic[] =>
  own === undefined || cloud === undefined || file === undefined ? [] : checkRules(own, cloud, file);

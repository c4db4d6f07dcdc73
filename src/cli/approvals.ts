import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Approval, approverOf, type Flaw, unmetDemands } from '../execute/approval/approval.ts';
import { parseApproval } from '../execute/approval/approval-file.ts';
import { type Approver, readApprovers } from '../execute/approval/keys.ts';
import { readJournal } from '../execute/journal/journal-file.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { showName } from '../shared/text.ts';
import type { CliContext } from './context.ts';
import { exists, readTextFile } from './files.ts';
import { journalOf } from './journal-file.ts';
import { loadPlanBytes } from './load.ts';
import { orProblems } from './or-problems.ts';
import { replanFile } from './plan-chain.ts';
import type { RunFlags } from './run-flags.ts';
import { answer, tell } from './tell.ts';

const stemOf = (planFile: string): string => basename(planFile).replace(/\.json$/, '');

/** Where the approval by a key goes: `plan.approval-1a2b3c4d.json` beside `plan.json`. */
export function approvalFile(planFile: string, fingerprint: string): string {
  const letters = fingerprint.replace(/^SHA256:/, '').replaceAll(/[^A-Za-z0-9]/g, '');
  return join(dirname(planFile), `${stemOf(planFile)}.approval-${letters.slice(0, 8)}.json`);
}

/**
 * Those whose approvals a plan has, in words; undefined where one is missing that is demanded, which is told.
 *
 * @throws InputError when keys, approvals or plans cannot be read.
 */
export async function approvedBy(
  file: string,
  sha256: string,
  flags: Flags,
  context: CliContext,
): Promise<readonly string[] | undefined> {
  const { by, problems } = await readApprovals(file, sha256, flags);
  if (problems.length === 0) return by;
  context.err(`${problems.map((problem) => tell(problem, context)).join('\n')}\n`);
  answer('nothing was requested: the plan is not approved', context);
  return undefined;
}

/** What approvals say of a plan that needs them. */
interface Approved {
  /** Whose approval counts, in words. */
  readonly by: readonly string[];
  /** Why the plan may not be carried out; empty when it may. */
  readonly problems: readonly Diagnostic[];
}

type Flags = Pick<RunFlags, 'requireApprovalBy' | 'approval' | 'journal'>;

/**
 * Whether the plan that is to be carried out has the approvals that are demanded: its own, or, where a journal has
 * another plan for what is left, those of the last one. The bytes that count are those of the file.
 *
 * @param file the plan's file
 * @param sha256 the digest of its bytes as they were read
 * @throws InputError when keys, approvals or plans cannot be read.
 */
async function readApprovals(file: string, sha256: string, flags: Flags): Promise<Approved> {
  if (flags.requireApprovalBy.length === 0) return { by: [], problems: [] };
  const plan = await planInTurn(file, sha256, flags.journal ?? journalOf(file));
  const demands = await readDemands(flags.requireApprovalBy);
  const files = flags.approval.length > 0 ? flags.approval : await approvalsBeside(plan.file);
  const approvers = demands.flatMap(({ keys }) => keys);
  const given = new Map<string, string>();
  const flaws: string[] = [];
  for (const [source, approval] of await readAll(files)) {
    const found = approverOf(approval, plan.sha256, approvers);
    if (typeof found === 'string') flaws.push(`${source}: ${flawWords[found]}`);
    else given.set(found.fingerprint, wordsOf(found));
  }
  const unmet = unmetDemands(
    demands.map(({ keys }) => new Set(keys.map(({ fingerprint }) => fingerprint))),
    new Set(given.keys()),
  );
  return {
    by: [...given.values()],
    problems: unmet.map((demand) => lacking(plan.file, demands[demand], flaws)),
  };
}

interface Demand {
  readonly source: string;
  readonly keys: readonly Approver[];
}

async function planInTurn(
  file: string,
  sha256: string,
  journal: string,
): Promise<{ readonly file: string; readonly sha256: string }> {
  const { entries } = await readJournal(journal);
  const replans = entries.filter(({ kind }) => kind === 'replanned').length;
  if (replans === 0) return { file, sha256 };
  const last = replanFile(journal, replans);
  return { file: last, sha256: (await loadPlanBytes(last)).sha256 };
}

async function readDemands(sources: readonly string[]): Promise<readonly Demand[]> {
  const problems: Diagnostic[] = [];
  const demands: Demand[] = [];
  for (const source of sources) {
    const keys = await orProblems(async () => readApprovers(await readTextFile(source), source), problems);
    if (keys !== undefined) demands.push({ source, keys });
  }
  if (problems.length > 0) throw new InputError(problems);
  return demands;
}

async function readAll(files: readonly string[]): Promise<readonly (readonly [string, Approval])[]> {
  const problems: Diagnostic[] = [];
  const read: (readonly [string, Approval])[] = [];
  for (const file of files) {
    const approval = await orProblems(async () => parseApproval(await readTextFile(file), file), problems);
    if (approval !== undefined) read.push([file, approval]);
  }
  if (problems.length > 0) throw new InputError(problems);
  return read;
}

async function approvalsBeside(planFile: string): Promise<readonly string[]> {
  const folder = dirname(planFile);
  if (!(await exists(folder))) return [];
  const begin = `${stemOf(planFile)}.approval-`;
  return (await readdir(folder))
    .filter((name) => name.startsWith(begin) && name.endsWith('.json'))
    .toSorted()
    .map((name) => join(folder, name));
}

const flawWords: Readonly<Record<Flaw, string>> = {
  'other-bytes': 'for other bytes than those of this plan',
  'unknown-key': 'by a key that none of the files has',
  'wrong-signature': 'its signature does not belong to it',
};

const wordsOf = ({ name, fingerprint }: Approver): string =>
  name === undefined ? fingerprint : `${name} (${fingerprint})`;

const lacking = (source: string, demand: Demand | undefined, details: readonly string[]): Diagnostic => ({
  code: 'approval.lacking',
  severity: 'error',
  summary: `nobody of ${showName(demand?.source ?? '')} has approved this plan, or all of them count for another demand`,
  source,
  limit: `one of ${(demand?.keys ?? []).map(wordsOf).join(', ')}`,
  details,
  hint: `\`planner approve ${source} --key FILE\`, by one of them`,
});

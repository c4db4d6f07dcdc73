import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Holder, readLock } from '../execute/journal/lock.ts';
import { readJournal } from '../execute/journal/journal-file.ts';
import { hostsOf } from '../execute/preflight/other-runs.ts';
import type { PreflightFinding } from '../execute/preflight/finding.ts';
import type { Plan } from '../plan/plan.ts';
import { InputError } from '../shared/diagnostic.ts';
import { loadPlan } from './load.ts';
import { thisMachine } from './machine.ts';
import { planAtWork } from './plan-chain.ts';
import { lockOf } from './run-lock.ts';

/** How `journalOf` ends the name of a plan. */
const journalEnd = '.journal.jsonl';

/**
 * Runs of other plans that are at work now on the same cloud with a journal beside this one, by their locks. They block
 * where they share a host with this plan, or nobody can tell.
 */
export async function runsBeside(
  plan: Plan,
  journal: string,
  cloud: string,
): Promise<readonly PreflightFinding[]> {
  const folder = dirname(journal);
  const names = (await readdir(folder)).filter(
    (name) => name.endsWith(lockOf(journalEnd)) && name !== basename(lockOf(journal)),
  );
  const found = await Promise.all(
    names.toSorted().map((name) => runBeside(plan, join(folder, name.slice(0, -lockOf('').length)), cloud)),
  );
  return found.filter((finding) => finding !== undefined);
}

async function runBeside(plan: Plan, journal: string, cloud: string): Promise<PreflightFinding | undefined> {
  const holder = await readLock(lockOf(journal), thisMachine());
  if (holder === undefined || holder.alive === 'no') return undefined;
  const hosts = await sharedHosts(plan, journal, cloud);
  if (hosts === 'elsewhere') return undefined;
  const text = `${holderWords(holder)} carries out another plan (${basename(journal)})`;
  if (hosts === 'unknown') return { blocks: true, text: `${text}, and its plan is not beside it to compare` };
  if (hosts.length === 0) return { blocks: false, text: `${text} on other hosts` };
  return {
    blocks: true,
    text: `${text} with ${hosts.join(', ')}, which this plan touches too: let it end first`,
  };
}

const holderWords = ({ pid, host, alive }: Holder): string =>
  `process ${pid} on ${host}${alive === 'unknown' ? ', of which nobody here knows whether it lives,' : ''}`;

/** Hosts that both plans touch; `elsewhere` where the other one runs on another cloud. */
async function sharedHosts(
  plan: Plan,
  journal: string,
  cloud: string,
): Promise<readonly string[] | 'unknown' | 'elsewhere'> {
  try {
    const { entries } = await readJournal(journal);
    const [first] = entries;
    if (first?.kind === 'run-started' && (first.simulated || first.cloud !== cloud)) return 'elsewhere';
    const begun = await loadPlan(`${journal.slice(0, -journalEnd.length)}.json`);
    const own = hostsOf(plan);
    const others = hostsOf(await planAtWork(begun, journal, entries));
    return [...others].filter((host) => own.has(host)).toSorted();
  } catch (error) {
    if (error instanceof InputError) return 'unknown';
    throw error;
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../src/plan/plan.ts';
import { parsePlan } from '../../../src/plan/plan-file.ts';
import type { Rng } from '../../../src/shared/rng.ts';
import { drawCommand, goals, stir, untilStill } from './drawn.ts';
import { hostsAre, killHost, startHosts } from './hosts.ts';
import type { Lab } from './lab.ts';
import { importedCloud } from './planned.ts';
import { planner } from './planner.ts';
import { untilRecorded } from './recorded.ts';

/** A plan that was drawn and made. */
export interface Generated {
  readonly folder: string;
  readonly plan: Plan;
  /** The command that made it, to be told when something fails. */
  readonly command: string;
  /** The host that has crashed before, which `recover` brings back. */
  readonly lost?: string;
}

/** What `planner run` is told of a plan. */
export const runWords = ({ lost }: Generated): readonly string[] =>
  lost === undefined ? [] : ['--fenced', lost];

/** Starts the crashed host of an evacuation again; it then forgets the guests that it has lost. */
export async function recover({ lost }: Pick<Generated, 'lost'>, lab: Lab): Promise<void> {
  if (lost === undefined) return;
  await startHosts(lost);
  await untilStill(lab);
}

const mostTries = 12;
const stirred = 6;

/**
 * Draws commands until one gives a plan with something to do: where there is none, servers are moved about and it is
 * drawn again. Hosts are enabled before.
 */
export async function generatePlan(rng: Rng, round: number, lab: Lab): Promise<Generated> {
  await startHosts(...Object.keys(lab.hosts.hosts)); // a test that failed may have left one dead
  await lab.enableHosts();
  const refused: string[] = [];
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0 || rng.nextFloat() < 0.5) await stir(rng, lab, stirred);
    const goal = goals[(round + Math.floor(tries / 4)) % goals.length] ?? 'drain';
    const lost = goal === 'evacuate' ? await loseHost(rng, lab) : undefined;
    const words = drawCommand(rng, goal, lab, lost);
    const folder = await importedCloud(lab);
    const command = `planner ${words.join(' ')}`;
    const made = await planner(folder, ...words, '--quiet');
    if (made.code !== 0 && made.code !== 1)
      throw new Error(`${command} ended with ${made.code ?? '?'}: ${made.stderr}`);
    const plan = made.code === 0 ? readPlan(folder) : undefined;
    if (plan?.steps.some((step) => 'to' in step) === true)
      return { folder, plan, command, ...(lost !== undefined && { lost }) };
    await recover({ ...(lost !== undefined && { lost }) }, lab);
    refused.push(`${command}: ${made.stdout.trim().split('\n')[0] ?? ''}`);
  }
  throw new Error(`no plan in ${mostTries} tries:\n${refused.join('\n')}`);
}

/** A host that runs servers crashes; gives it when Nova knows. */
async function loseHost(rng: Rng, lab: Lab): Promise<string> {
  await untilRecorded(lab.admin);
  const { servers } = await lab.truth();
  const hosts = Object.keys(lab.hosts.hosts).filter((name) => servers.some(({ host }) => host === name));
  const [lost = ''] = rng.shuffle(hosts);
  await killHost(lost);
  await hostsAre('down', [lost]);
  return lost;
}

function readPlan(folder: string): Plan | undefined {
  try {
    return parsePlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // nothing to do
    throw error;
  }
}

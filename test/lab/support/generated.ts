import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../src/plan/plan.ts';
import { parsePlan } from '../../../src/plan/plan-file.ts';
import type { Rng } from '../../../src/shared/rng.ts';
import { drawCommand, goals, stir } from './drawn.ts';
import type { Lab } from './lab.ts';
import { importedCloud } from './planned.ts';
import { planner } from './planner.ts';

/** A plan that was drawn and made. */
export interface Generated {
  readonly folder: string;
  readonly plan: Plan;
  /** The command that made it, to be told when something fails. */
  readonly command: string;
}

const mostTries = 12;
const stirred = 6;

/**
 * Draws commands until one gives a plan with something to do: where there is none, servers are moved about and it is
 * drawn again. Hosts are enabled before.
 */
export async function generatePlan(rng: Rng, round: number, lab: Lab): Promise<Generated> {
  await lab.enableHosts();
  const refused: string[] = [];
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0 || rng.nextFloat() < 0.5) await stir(rng, lab, stirred);
    const goal = goals[(round + Math.floor(tries / 4)) % goals.length] ?? 'drain';
    const words = drawCommand(rng, goal, lab);
    const folder = await importedCloud(lab);
    const command = `planner ${words.join(' ')}`;
    const made = await planner(folder, ...words, '--quiet');
    if (made.code !== 0 && made.code !== 1)
      throw new Error(`${command} ended with ${made.code ?? '?'}: ${made.stderr}`);
    const plan = made.code === 0 ? readPlan(folder) : undefined;
    if (plan?.steps.some((step) => 'to' in step) === true) return { folder, plan, command };
    refused.push(`${command}: ${made.stdout.trim().split('\n')[0] ?? ''}`);
  }
  throw new Error(`no plan in ${mostTries} tries:\n${refused.join('\n')}`);
}

function readPlan(folder: string): Plan | undefined {
  try {
    return parsePlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // nothing to do
    throw error;
  }
}

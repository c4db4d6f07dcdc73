import type { Command } from 'commander';
import type { RunSettings } from '../execute/runner/settings.ts';
import { simulatedPoll } from '../execute/simulated/poll.ts';
import type { Simulated } from '../execute/simulated/simulated-driver.ts';
import type { Plan } from '../plan/plan.ts';
import type { FlagReader } from './flag-reader.ts';
import { bindCalendar } from './run-calendar.ts';
import type { RunFlags } from './run-flags.ts';
import { loadFaults, loadSimulated, startSimulated } from './simulate.ts';

/** What `run` and `resume` take for a simulation, as commander gives it. */
export interface SimulateFlags extends RunFlags {
  readonly simulate?: true;
  readonly inventory: string;
  readonly faults?: string;
  readonly seed: string;
}

/** Adds what makes a simulated cloud. */
export const addSimulateOptions = (command: Command): Command =>
  command
    .option('--simulate', 'on a simulated cloud, made of the inventory')
    .option('--inventory <file>', 'the cloud to simulate', 'inventory.json')
    .option('--faults <file>', 'what goes wrong in the simulation')
    .option('--seed <n>', 'of the chance in the simulation', '1');

/** The seed; undefined when the reader has been told what is wrong. */
export function readSeed({ simulate, faults, seed }: SimulateFlags, read: FlagReader): number | undefined {
  if (simulate !== true && faults !== undefined) read.refuse('--faults', faults, 'only with --simulate');
  return read.integer('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
}

/** Everything that a simulation is made of but its seed. */
export interface SimulationStart {
  readonly settings: RunSettings;
  readonly start: (seed: number) => Simulated;
  /** When its time begins, in milliseconds since 1970. */
  readonly begun: number;
}

/** Reads what a simulation is made of: its time begins when the inventory of the plan was read. */
export async function loadSimulation(
  plan: Plan,
  flags: SimulateFlags,
  settings: RunSettings,
): Promise<SimulationStart> {
  const known = await loadSimulated(plan, flags.inventory);
  const faults = await loadFaults(flags.faults, known.context.cloud);
  const begun = Date.parse(plan.basedOn.capturedAt);
  const cloudOf = () => Promise.resolve(known.context.cloud);
  const pollSeconds = simulatedPoll(plan, settings);
  return {
    settings: await bindCalendar({ plan, flags, settings: { ...settings, pollSeconds }, begun, cloudOf }),
    start: (seed) => startSimulated(known, plan, faults, seed),
    begun,
  };
}

import type { Rng } from '../../../src/shared/rng.ts';
import type { Lab } from './lab.ts';
import { allMigrations } from './migrations.ts';
import { act, listServers, settled } from './server-action.ts';
import { waitFor } from './wait.ts';

/** A planning command of the product that was drawn: `planner` with these words. */
export type DrawnCommand = readonly string[];

/** What plans are drawn of, in turn, so that a few of them have each. */
export const goals = ['consolidate', 'balance', 'drain', 'evacuate'] as const;

export type DrawnGoal = (typeof goals)[number];

/**
 * Draws a plan's hosts and options. The same numbers and the same cloud give the same command.
 *
 * @param lost the host that an evacuation is for
 */
export function drawCommand(rng: Rng, goal: DrawnGoal, lab: Lab, lost = ''): DrawnCommand {
  const pick = <Item>(items: readonly Item[]): readonly Item[] => rng.shuffle(items).slice(0, 1);
  const perhaps = (part: number, ...words: readonly string[]): readonly string[] =>
    rng.nextFloat() < part ? words : [];
  const names = lab.seed.servers.map(({ name }) => name);
  const what = {
    drain: ['drain', ...pick(Object.keys(lab.hosts.hosts))],
    evacuate: ['evacuate', lost],
  };
  return [
    ...(goal === 'drain' || goal === 'evacuate' ? what[goal] : ['rebalance', '--goal', goal]),
    ...perhaps(0.85, '--allow', 'cold'),
    ...perhaps(0.3, '--max-parallel', `${1 + rng.nextInt(4)}`),
    ...perhaps(0.3, '--max-inbound', `${1 + rng.nextInt(2)}`),
    ...(goal === 'evacuate' ? [] : perhaps(0.2, '--re-enable')),
    ...perhaps(0.2, '--prefer', ...pick(['big-first', 'small-first', 'risky-last'])),
    ...perhaps(0.2, '--exclude', ...pick(names).map((name) => `server:${name}`)),
    ...(goal === 'drain' || goal === 'evacuate' ? [] : perhaps(0.2, '--max-moves', `${3 + rng.nextInt(6)}`)),
    ...['--seed', `${rng.nextInt(1000)}`],
  ];
}

/** Draws how long each server's copies take. */
export function drawCopies(rng: Rng, lab: Lab, mostSeconds: number): Promise<void> {
  const copy = (): string => (0.2 + rng.nextFloat() * mostSeconds).toFixed(1);
  return lab.behaveAll(() => ({ 'lab.live.seconds': copy(), 'lab.cold.seconds': copy() }));
}

/** Migrations in these states are over. */
const ended = new Set([...['completed', 'confirmed', 'reverted'], ...['error', 'failed', 'cancelled']]);

/** Moves some servers where Nova's scheduler likes, so that the next plan finds another cloud; it may refuse. */
export async function stir(rng: Rng, lab: Lab, count: number): Promise<void> {
  const servers = await listServers(lab.admin);
  const hosts = Object.keys(lab.hosts.hosts);
  const active = rng.shuffle(servers.filter(({ status }) => status === 'ACTIVE')).slice(0, count);
  for (const { id } of active) {
    const [host = ''] = rng.shuffle(hosts);
    await act(lab.admin, id, { 'os-migrateLive': { host, block_migration: 'auto' } });
  }
  await untilStill(lab);
  await resetErrors(lab);
}

/** A move that a group's rule forbids, found by Nova only on the destination, leaves its server where it was, in ERROR. */
async function resetErrors(lab: Lab): Promise<void> {
  for (const { id, status } of await listServers(lab.admin)) {
    if (status !== 'ERROR') continue;
    await act(lab.admin, id, { 'os-resetState': { state: 'active' } });
    await settled(lab.admin, id, 'ACTIVE');
  }
}

/** Waits until nothing is on its way. */
export async function untilStill(lab: Lab): Promise<void> {
  await waitFor({ what: 'the cloud to be still' }, async () => {
    const moving = (await allMigrations(lab.admin)).some(({ status }) => !ended.has(status));
    const busy = (await listServers(lab.admin)).some((server) => server['OS-EXT-STS:task_state'] !== null);
    return !moving && !busy;
  });
}

import type { Rng } from '../../../src/shared/rng.ts';
import type { Behaviour, Lab } from './lab.ts';
import { allMigrations } from './migrations.ts';
import { act, listServers } from './server-action.ts';
import { waitFor } from './wait.ts';

/** A planning command of the product that was drawn: `planner` with these words. */
export type DrawnCommand = readonly string[];

/** What plans are drawn of, in turn, so that a few of them have each. */
export const goals = ['consolidate', 'balance', 'drain'] as const;

/** Draws a plan's goal, hosts and options. The same numbers and the same cloud give the same command. */
export function drawCommand(rng: Rng, goal: (typeof goals)[number], lab: Lab): DrawnCommand {
  const pick = <Item>(items: readonly Item[]): readonly Item[] => rng.shuffle(items).slice(0, 1);
  const perhaps = (part: number, ...words: readonly string[]): readonly string[] =>
    rng.nextFloat() < part ? words : [];
  const hosts = pick(Object.keys(lab.hosts.hosts));
  const names = lab.seed.servers.map(({ name }) => name);
  return [
    ...(goal === 'drain' ? ['drain', ...hosts] : ['rebalance', '--goal', goal]),
    ...perhaps(0.85, '--allow', 'cold'),
    ...perhaps(0.3, '--max-parallel', `${1 + rng.nextInt(4)}`),
    ...perhaps(0.3, '--max-inbound', `${1 + rng.nextInt(2)}`),
    ...perhaps(0.2, '--re-enable'),
    ...perhaps(0.2, '--prefer', ...pick(['big-first', 'small-first', 'risky-last'])),
    ...perhaps(0.2, '--exclude', ...pick(names).map((name) => `server:${name}`)),
    ...(goal === 'drain' ? [] : perhaps(0.2, '--max-moves', `${3 + rng.nextInt(6)}`)),
    ...['--seed', `${rng.nextInt(1000)}`],
  ];
}

/** Draws how long each server's copies take. */
export async function drawCopies(rng: Rng, lab: Lab, mostSeconds: number): Promise<void> {
  for (const { name } of lab.seed.servers) {
    const copy = (): string => (0.2 + rng.nextFloat() * mostSeconds).toFixed(1);
    const behaviour: Behaviour = { 'lab.live.seconds': copy(), 'lab.cold.seconds': copy() };
    await lab.behave(name, behaviour);
  }
}

/** Migrations in these states are over. */
const ended = new Set([
  ...['completed', 'confirmed', 'reverted', 'done'],
  ...['error', 'failed', 'cancelled'],
]);

/** Moves some servers where Nova's scheduler likes, so that the next plan finds another cloud; it may refuse. */
export async function stir(rng: Rng, lab: Lab, count: number): Promise<void> {
  const servers = await listServers(lab.admin);
  const hosts = Object.keys(lab.hosts.hosts);
  const active = rng.shuffle(servers.filter(({ status }) => status === 'ACTIVE')).slice(0, count);
  for (const { id } of active) {
    const [host = ''] = rng.shuffle(hosts);
    await act(lab.admin, id, { 'os-migrateLive': { host, block_migration: 'auto' } });
  }
  await waitFor({ what: 'stirred servers to rest', seconds: 120 }, async () => {
    const moving = (await allMigrations(lab.admin)).some(({ status }) => !ended.has(status));
    const busy = (await listServers(lab.admin)).some((server) => server['OS-EXT-STS:task_state'] !== null);
    return !moving && !busy;
  });
}

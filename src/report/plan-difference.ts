import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationStep, Plan } from '../plan/plan.ts';
import { listSection } from './list-section.ts';
import { wrapText } from './text-width.ts';
import { isMigration } from './step-words.ts';
import { counted } from './words.ts';

/** Servers that are named one by one. */
const mostShown = 20;

/**
 * What another plan does with the servers that a plan has not brought where it wanted to, in a few lines.
 *
 * @param done ids of the steps of the old plan that are done
 */
export function planDifference(
  before: Plan,
  done: ReadonlySet<string>,
  after: Plan,
  width: number,
): readonly string[] {
  const left = before.steps.filter(isMigration).filter(({ id }) => !done.has(id));
  const old = targets(left);
  const next = targets(after.steps.filter(isMigration));
  const nameOf = new Map(
    [...before.steps, ...after.steps]
      .filter(isMigration)
      .map(({ server, serverName }) => [server, serverName]),
  );
  const texts = [...new Set([...old.keys(), ...next.keys()])].flatMap((server): readonly string[] => {
    const was = old.get(server);
    const now = next.get(server);
    if (was === now) return [];
    const name = nameOf.get(server) ?? server;
    if (now === undefined) return [`${name} stays (was to go to ${was ?? 'another host'})`];
    return [
      was === undefined ? `${name} goes to ${now} too` : `${name} goes to ${now} (was to go to ${was})`,
    ];
  });
  return [
    ...wrapText(
      `the new plan has ${counted(after.steps.length, 'step')}, ${counted(before.steps.length - done.size, 'step')} of the old one were left`,
      width,
    ),
    ...listSection('Servers that it treats otherwise', texts, width, mostShown),
  ];
}

/** Where each server ends. */
const targets = (steps: readonly MigrationStep[]): ReadonlyMap<ServerId, HostId> =>
  new Map(steps.map(({ server, to }) => [server, to]));

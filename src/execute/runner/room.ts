import type { MigrationStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Driver } from '../driver.ts';
import { meaningOfTexts } from '../words/meaning.ts';
import type { Failed } from './verdict.ts';

/**
 * What a migration needs at its destination and does not find there any more: room in Placement, or few enough members
 * of its server group. Undefined where all of it is there, or the cloud does not tell. One or two requests each.
 */
export async function missingAt(step: Step, driver: Driver): Promise<Omit<Failed, 'kind'> | undefined> {
  if (!isMigration(step)) return undefined;
  const [room, members] = await Promise.all([noRoom(step, driver), tooManyMembers(step, driver)]);
  return room ?? members;
}

async function noRoom(
  { guards, server, serverName, from, to }: MigrationStep,
  driver: Driver,
): Promise<Omit<Failed, 'kind'> | undefined> {
  const free = guards.flatMap((guard) => (guard.kind === 'free' && guard.atLeast > 0 ? [guard] : []));
  if (free.length === 0) return undefined;
  const amounts = Object.fromEntries(free.map(({ resource, atLeast }) => [resource, atLeast]));
  if ((await driver.hasRoom(server, to, amounts)) !== false) return undefined;
  const wanted = free.map(({ resource, atLeast }) => `${atLeast} ${resource}`).join(', ');
  const meaning = meaningOfTexts(['No valid host was found.'], { server: serverName, from, to });
  return {
    text: `${to} has no room any more for ${serverName}: Placement does not find ${wanted}`,
    ...(meaning !== undefined && { meaning, read: meaning.read }),
  };
}

async function tooManyMembers(
  { guards, server, serverName }: MigrationStep,
  driver: Driver,
): Promise<Omit<Failed, 'kind'> | undefined> {
  for (const guard of guards) {
    if (guard.kind !== 'group-members') continue;
    const members = await driver.groupMembers(guard.group);
    if (members === undefined) continue;
    const there = (await driver.serversOn(guard.host)).filter((id) => id !== server && members.includes(id));
    if (there.length <= guard.atMost) continue;
    const text = `${guard.host} runs ${there.length} other members of the server group of ${serverName} (plan expects ${guard.atMost} at most)`;
    return { text };
  }
  return undefined;
}

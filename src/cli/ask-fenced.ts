import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { escapeControls } from '../shared/text.ts';

/** Hosts that a plan evacuates servers from, and of which nobody has said that they are powered off; ascending. */
export const notYetFenced = ({ steps }: Plan, fenced: ReadonlySet<string>): readonly string[] =>
  [...new Set(steps.filter(isMigration).flatMap(({ kind, from }) => (kind === 'evacuate' ? [from] : [])))]
    .filter((host) => !fenced.has(host))
    .toSorted();

/**
 * Asks for each of these hosts that its name is typed, which nobody does by habit; the hosts that were confirmed.
 * Stops at the first that is not.
 */
export async function askFenced(
  hosts: readonly string[],
  ask: (question: string) => Promise<string>,
): Promise<readonly string[]> {
  const confirmed: string[] = [];
  for (const host of hosts) {
    const name = escapeControls(host);
    const question = `Servers of ${name} are rebuilt elsewhere. If ${name} is powered off, so that none of them runs there any more, type its name: `;
    if ((await ask(question)).trim() !== host) break;
    confirmed.push(host);
  }
  return confirmed;
}

import type { Driver } from '../../src/execute/driver.ts';
import type { JournalEvent } from '../../src/execute/journal/entry.ts';
import type { Journal } from '../../src/execute/journal/journal-file.ts';

/** What ends a run in the middle, as SIGKILL would. */
export class Killed extends Error {}

/** Ends the run at its n-th instant: before and after each line that it writes and each request that it sends. */
export function killer(at: number) {
  let instant = 0;
  const reach = (): void => {
    instant += 1;
    if (instant === at) throw new Killed();
  };
  return {
    journal: (journal: Journal): Journal => ({
      ...journal,
      entries: journal.entries,
      async append(event: JournalEvent) {
        reach();
        await journal.append(event);
        reach();
      },
    }),
    driver: (driver: Driver): Driver => ({
      ...driver,
      async request(call) {
        reach();
        const answer = await driver.request(call);
        reach();
        return answer;
      },
    }),
  };
}

import type { Call, Driver, Look } from '../../src/execute/driver.ts';
import type { JournalEntry } from '../../src/execute/journal/entry.ts';
import type { Step } from '../../src/plan/plan.ts';

/** What a cloud was asked for that was on its way or done already, whoever was killed before the answer. */
export interface Watched {
  readonly driver: Driver;
  readonly twice: readonly string[];
  /** Requests that the cloud refused at once. */
  readonly refused: readonly string[];
  /** Requests about servers that arrived, whatever was heard of them: `live s1`. */
  readonly arrived: readonly string[];
}

/** Looks at the cloud itself before each request reaches it: a journal of a run that was killed tells less. */
export function watchRequests(driver: Driver): Watched {
  const twice: string[] = [];
  const refused: string[] = [];
  const arrived: string[] = [];
  return {
    twice,
    refused,
    arrived,
    driver: {
      ...driver,
      async request(call) {
        const why = 'server' in call ? begunAlready(call, await driver.look(call.server)) : undefined;
        if (why !== undefined) twice.push(`${call.kind} ${wordOf(call)}: ${why}`);
        const before = 'server' in call ? await driver.look(call.server) : undefined;
        const answer = await driver.request(call);
        if ('server' in call && !('migration' in call)) {
          const { actions } = await driver.look(call.server);
          if (actions.length > (before?.actions.length ?? 0)) arrived.push(`${call.kind} ${call.server}`);
        }
        if (answer.kind === 'refused') refused.push(`${call.kind} ${wordOf(call)}: ${answer.text}`);
        return answer;
      },
    },
  };
}

const wordOf = (call: Call): string => ('server' in call ? call.server : call.host);

function begunAlready(call: Extract<Call, { server: unknown }>, look: Look): string | undefined {
  const { server, migrations, actions } = look;
  if (server === undefined) return undefined;
  if ('migration' in call) {
    const begun = actions.findIndex(({ action }) => action === 'live-migration');
    const asked = actions.slice(0, begun).find(({ action }) => action.startsWith('live_migration_'));
    return asked === undefined ? undefined : `there is ${asked.action} already`;
  }
  if (server.taskState !== undefined) return `it is ${server.taskState}`;
  switch (call.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return server.host === call.to ? `it is on ${call.to}` : undefined;
    case 'confirm':
    case 'revert':
      return migrations[0]?.status === 'finished' ? undefined : `it is ${migrations[0]?.status ?? 'at rest'}`;
    case 'stop':
    case 'start':
      return server.status === (call.kind === 'stop' ? 'SHUTOFF' : 'ACTIVE')
        ? `it is ${server.status}`
        : undefined;
  }
}

/** The requests of which a journal says that they arrived, in the same words. */
export function toldArrived(entries: readonly JournalEntry[], steps: readonly Step[]): readonly string[] {
  const told: string[] = [];
  for (const step of steps) {
    if (!('server' in step)) continue;
    const own = entries.filter((entry) => 'step' in entry && entry.step === step.id);
    for (const entry of own) {
      const isMain = 'call' in entry && entry.call !== 'abort' && entry.call !== 'force-complete';
      if (!isMain || !('call' in entry)) continue;
      const words = `${entry.call} ${step.server}`;
      if (entry.kind === 'calling') told.push(words);
      const never =
        (entry.kind === 'answered' && entry.answer === 'refused') ||
        (entry.kind === 'reconciled' && !entry.arrived);
      if (never) told.splice(told.lastIndexOf(words), 1);
    }
  }
  return told.toSorted();
}

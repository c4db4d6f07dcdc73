import type { PowerStep } from '../../plan/plan.ts';
import { laterHosts } from '../client.ts';
import { claim, notPast, past, request, seen, settle, type Writing } from './tasks.ts';
import { list, task, type Task, unsafe } from './yaml.ts';

/** Stops or starts a server; one that has moved on was stopped for that, and is left alone. */
export function powerBlock(step: PowerStep, writing: Writing): Task {
  const { id, kind, server } = step;
  const wanted = kind === 'stop' ? 'SHUTOFF' : 'ACTIVE';
  const name = writing.nameOf(step);
  const gone = kind === 'stop' ? laterHosts(server, writing.later) : [];
  const needed = `${seen('status')} != '${wanted}' and ${notPast}`;
  return {
    ...task(`${id}: ${kind} ${name}`, { vars: list({ planner_past: gone.map((each) => unsafe(each)) }) }),
    block: [
      settle(`${id}: look at the server`, step, 1200),
      request(`${id}: ${kind} it`, step, writing, needed),
      settle(`${id}: wait for its end`, step, 1200),
      claim(
        `${id}: it is ${wanted}`,
        [`${seen('status')} == '${wanted}' or ${past}`],
        `server ${name} is not ${wanted}`,
      ),
    ],
  };
}

import type { PageData } from '../../report/page/page-data.ts';

/** What the page looks up again and again, derived once from the data. Lists hold indices of `data`. */
export interface PlanIndex {
  /** Of each step those that wait for it. */
  readonly waiting: readonly (readonly number[])[];
  readonly stepsOfServer: readonly (readonly number[])[];
  /** Steps that leave, reach or serve a host. */
  readonly stepsOfHost: readonly (readonly number[])[];
  /** Servers on each host before the plan and after it. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
  /** Hosts that ran servers and run none after the plan. */
  readonly freed: readonly number[];
  readonly stepById: ReadonlyMap<string, number>;
  readonly hostByName: ReadonlyMap<string, number>;
  readonly serverById: ReadonlyMap<string, number>;
  /** Position of the slider right after a step's request: 1 is the first event. */
  readonly requestedAt: ReadonlyMap<number, number>;
}

export function indexPlan(data: PageData): PlanIndex {
  const waiting = lists(data.steps.length);
  const stepsOfServer = lists(data.servers.length);
  const stepsOfHost = lists(data.hosts.length);
  for (const [i, step] of data.steps.entries()) {
    for (const other of new Set(step.waitsFor.map((wait) => wait.step))) waiting[other]?.push(i);
    if (step.server !== undefined) stepsOfServer[step.server]?.push(i);
    for (const host of new Set([step.from, step.to])) if (host !== undefined) stepsOfHost[host]?.push(i);
  }

  const before = lists(data.hosts.length);
  const after = lists(data.hosts.length);
  for (const [i, server] of data.servers.entries()) {
    if (server.before !== undefined) before[server.before]?.push(i);
    if (server.after !== undefined) after[server.after]?.push(i);
  }

  const requestedAt = new Map<number, number>();
  for (const [i, event] of (data.cloud?.events ?? []).entries())
    if (event.what === 'requested') requestedAt.set(event.step, i + 1);

  return {
    waiting,
    stepsOfServer,
    stepsOfHost,
    before,
    after,
    freed: [...data.hosts.keys()].filter((h) => before[h]?.length !== 0 && after[h]?.length === 0),
    stepById: new Map(data.steps.map((step, i) => [step.id, i])),
    hostByName: new Map(data.hosts.map((host, i) => [host.name, i])),
    serverById: new Map(data.servers.map((server, i) => [server.id, i])),
    requestedAt,
  };
}

function lists(length: number): number[][] {
  return Array.from({ length }, () => []);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePlan } from '../../src/plan/plan-file.ts';
import type { MigrationStep, Plan } from '../../src/plan/plan.ts';
import { type FakeCloud, runScript } from '../report/run-script.ts';
import { folder, importRecording, planner } from './run-planner.ts';

interface Recorded {
  readonly hosts: readonly {
    readonly id: string;
    readonly service?: { readonly status?: string; readonly state?: string };
  }[];
  readonly servers: readonly { readonly id: string; readonly host?: string; readonly status: string }[];
}

/** The recorded cloud as the fake client keeps it. */
function fakeCloud(): FakeCloud {
  const { hosts, servers } = JSON.parse(readFileSync(join(folder, 'inventory.json'), 'utf8')) as Recorded;
  return {
    services: Object.fromEntries(
      hosts.map(({ id, service }) => [
        id,
        { status: service?.status ?? 'enabled', state: service?.state ?? 'up' },
      ]),
    ),
    servers: Object.fromEntries(servers.map(({ host = '', id, status }) => [id, { host, status }])),
  };
}

const lastMoves = ({ steps }: Plan): Map<string, string> =>
  new Map(
    steps
      .filter((step): step is MigrationStep => step.kind === 'live' || step.kind === 'cold')
      .map(({ server, to }) => [server, to]),
  );

it('a real plan, run as a script, brings every server where the plan says, and nothing more when it is run again', () => {
  importRecording();
  const planned = planner('rebalance', '--goal', 'consolidate', '--allow', 'cold', '--max-moves', '8');
  const plan = parsePlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
  const before = fakeCloud();

  const first = runScript(plan, before);
  const second = runScript(plan, first.cloud);

  expect(planned.status).toBe(0);
  expect(first.stderr).toBe('');
  expect(first.status).toBe(0);
  const moves = lastMoves(plan);
  for (const [id, server] of Object.entries(first.cloud.servers)) {
    expect(server.host).toBe(moves.get(id) ?? before.servers[id]?.host);
    expect(server.status).toBe(before.servers[id]?.status);
  }
  const enabled = new Set(plan.steps.flatMap((step) => (step.kind === 'enable-service' ? [step.host] : [])));
  for (const step of plan.steps)
    if (step.kind === 'disable-service')
      expect(first.cloud.services[step.host]?.status).toBe(enabled.has(step.host) ? 'enabled' : 'disabled');
  expect(second.status).toBe(0);
  expect(second.requests.filter((words) => words.includes('migrate'))).toEqual([]);
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { planPlaybook } from '../../src/report/plan-playbook.ts';
import { planScript } from '../../src/report/plan-script.ts';
import type { ScriptClock } from '../../src/report/script-calendar.ts';

const fake = fileURLToPath(new URL('fake-openstack.mjs', import.meta.url));

export interface FakeServer {
  status: string;
  host: string;
  task?: string | null;
  /** The name of its libvirt domain. */
  domain?: string;
  migrations?: { status: string; type: string; to: string }[];
  /** What Nova makes of it by and by: the next at each look. */
  then?: Partial<FakeServer>[];
}

export interface FakeCloud {
  servers: Record<string, FakeServer>;
  services: Record<string, { status: string; state: string; reason?: string | null }>;
  outcomes?: Record<string, 'fails' | 'refused' | 'error' | 'error-there'>;
}

/** Where the script runs: a new folder for each test. */
export let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-script-'));
  mkdirSync(join(folder, 'bin'));
  for (const program of ['openstack', 'nova'])
    stub(program, `FAKE_PROGRAM=${program} exec '${process.execPath}' '${fake}' "$@"`);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A command of the tests in the place of the machine's. */
export function stub(name: string, text: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

export const cloudOf = (servers: Record<string, FakeServer>, hosts = ['h1', 'h2', 'h3']): FakeCloud => ({
  servers,
  services: Object.fromEntries(hosts.map((host) => [host, { status: 'enabled', state: 'up' }])),
});

/** Runs the script of a plan on a cloud, and returns what became of both. */
export function runScript(
  plan: Plan,
  cloud: FakeCloud,
  environment: Record<string, string> = {},
  clock?: ScriptClock,
) {
  writeFileSync(join(folder, 'plan.sh'), planScript(plan, clock));
  return runOn(cloud, ['bash', join(folder, 'plan.sh')], { PLANNER_POLL_SECONDS: '0', ...environment });
}

/** The same for its playbook. */
export function runPlaybook(
  plan: Plan,
  cloud: FakeCloud,
  environment: Record<string, string> = {},
  clock?: ScriptClock,
  variables: Record<string, unknown> = {},
) {
  writeFileSync(join(folder, 'plan.yml'), planPlaybook(plan, clock));
  const words = [
    '-i',
    'localhost,',
    '-e',
    JSON.stringify({
      planner_poll_seconds: 0,
      ansible_python_interpreter: '/usr/bin/python3',
      ...variables,
    }),
    join(folder, 'plan.yml'),
  ];
  const home = {
    HOME: folder,
    ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'),
    ANSIBLE_REMOTE_TEMP: join(folder, 'tmp'),
  };
  return runOn(cloud, ['ansible-playbook', ...words], {
    ...home,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PIPELINING: '1',
    LC_ALL: 'C.UTF-8',
    ...environment,
  });
}

function runOn(
  cloud: FakeCloud,
  [program = '', ...words]: readonly string[],
  environment: Record<string, string>,
) {
  const cloudFile = join(folder, 'cloud.json');
  const logFile = join(folder, 'log.jsonl');
  writeFileSync(cloudFile, JSON.stringify(cloud));
  writeFileSync(logFile, '');
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      FAKE_CLOUD: cloudFile,
      FAKE_LOG: logFile,
      ...environment,
    },
  });
  const calls = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string[]);
  const requests = calls.filter(
    ([, ...words]) =>
      !/^(server show|server list|compute service list|server migration list|nova migration-list) /.test(
        words.join(' '),
      ),
  );
  return {
    status,
    stdout,
    stderr,
    calls,
    requests,
    cloud: JSON.parse(readFileSync(cloudFile, 'utf8')) as FakeCloud,
  };
}

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { planScript } from '../../src/report/plan-script.ts';

const fake = fileURLToPath(new URL('fake-openstack.mjs', import.meta.url));

export interface FakeServer {
  status: string;
  host: string;
  task?: string | null;
  migrations?: { status: string; type: string; to: string }[];
}

export interface FakeCloud {
  servers: Record<string, FakeServer>;
  services: Record<string, { status: string; state: string; reason?: string | null }>;
  outcomes?: Record<string, 'fails' | 'refused' | 'error'>;
}

/** Where the script runs: a new folder for each test. */
export let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-script-'));
  mkdirSync(join(folder, 'bin'));
  const client = join(folder, 'bin', 'openstack');
  writeFileSync(client, `#!/bin/sh\nexec '${process.execPath}' '${fake}' "$@"\n`);
  chmodSync(client, 0o755);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

export const cloudOf = (servers: Record<string, FakeServer>, hosts = ['h1', 'h2', 'h3']): FakeCloud => ({
  servers,
  services: Object.fromEntries(hosts.map((host) => [host, { status: 'enabled', state: 'up' }])),
});

/** Runs the script of a plan on a cloud, and returns what became of both. */
export function runScript(plan: Plan, cloud: FakeCloud, environment: Record<string, string> = {}) {
  const cloudFile = join(folder, 'cloud.json');
  const logFile = join(folder, 'log.jsonl');
  writeFileSync(cloudFile, JSON.stringify(cloud));
  writeFileSync(logFile, '');
  writeFileSync(join(folder, 'plan.sh'), planScript(plan));
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'plan.sh')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      FAKE_CLOUD: cloudFile,
      FAKE_LOG: logFile,
      PLANNER_POLL_SECONDS: '0',
      ...environment,
    },
  });
  const calls = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string[]);
  const requests = calls.filter(
    ([, ...words]) =>
      !/^(server show|server list|compute service list|server migration list) /.test(words.join(' ')),
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

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverId } from '../../src/model/ids.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import { clientOf, commandOf, revertText } from '../../src/report/client.ts';
import { planScript } from '../../src/report/plan-script.ts';
import { shippedProfile } from '../support/builders.ts';
import { cloudOf, folder, runScript, stub } from './run-script.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

/** A plan by a profile, its steps at the profile's microversions. */
function planFor(profile: string, ...steps: readonly Step[]): Plan {
  const { novaMajors, switches } = shippedProfile(profile);
  const { microversions: asked } = switches;
  const version = (step: Step): string => {
    switch (step.kind) {
      case 'live':
        return step.forced ? (asked.liveForced ?? asked.live) : asked.live;
      case 'evacuate':
        return asked.evacuate;
      case 'disable-service':
      case 'enable-service':
        return asked.service;
      case 'cold':
      case 'confirm':
      case 'stop':
      case 'start':
      case 'wait':
        return asked.cold;
    }
  };
  const versioned = steps.map((step) => ({ ...step, microversion: version(step) }));
  const { basedOn } = aPlan([]);
  return aPlan(versioned, { basedOn: { ...basedOn, profile, release: { novaMajors, switches } } });
}

const db = { server: serverId('s-db-1'), serverName: 'db-1' };
const lost = { server: serverId('s-lost'), serverName: 'lost' };
const wholePlan = (profile: string): Plan =>
  planFor(
    profile,
    aServiceStep(),
    aMigration(),
    aMigration({ id: 's2', kind: 'cold', ...db }),
    aConfirm({ id: 's3', of: 's2', ...db }),
    aMigration({ id: 's4', kind: 'evacuate', ...lost }),
  );
const wholeCloud = () =>
  cloudOf({
    's-web-1': { status: 'ACTIVE', host: 'h1', domain: 'instance-0007' },
    's-db-1': { status: 'ACTIVE', host: 'h1' },
    's-lost': { status: 'ACTIVE', host: 'h1' },
  });

const disabling = (plan: Plan): readonly string[] => [
  'compute',
  'service',
  'set',
  '--disable',
  `--disable-reason=planner plan ${plan.id}: emptied by consolidate`,
  '--',
  'h1',
  'nova-compute',
];

const families: readonly (readonly [
  profile: string,
  requests: (plan: Plan) => readonly (readonly string[])[],
])[] = [
  [
    'rhosp-13',
    (plan) => [
      ['2.11', ...disabling(plan)],
      ['2.34', 'nova', 'live-migration', '--', 's-web-1', 'h2'],
      ['2.56', 'nova', 'migrate', '--host=h2', '--', 's-db-1'],
      ['2.56', 'server', 'resize', '--confirm', '--', 's-db-1'],
      ['2.29', 'nova', 'evacuate', '--', 's-lost', 'h2'],
    ],
  ],
  [
    'rhosp-16',
    (plan) => [
      ['2.11', ...disabling(plan)],
      ['2.68', 'server', 'migrate', '--live-migration', '--host=h2', '--', 's-web-1'],
      ['2.56', 'server', 'migrate', '--host=h2', '--', 's-db-1'],
      ['2.56', 'server', 'resize', '--confirm', '--', 's-db-1'],
      ['2.68', 'nova', 'evacuate', '--', 's-lost', 'h2'],
    ],
  ],
  [
    'zed',
    (plan) => [
      ['2.53', ...disabling(plan)],
      ['2.68', 'server', 'migrate', '--live-migration', '--host=h2', '--', 's-web-1'],
      ['2.56', 'server', 'migrate', '--host=h2', '--', 's-db-1'],
      ['2.56', 'server', 'migrate', 'confirm', '--', 's-db-1'],
      ['2.68', 'server', 'evacuate', '--host=h2', '--', 's-lost'],
    ],
  ],
];

/** What libvirt would say of the CPUs on a host, over SSH. */
function libvirtSays(cpusOn: Readonly<Record<string, string>>): void {
  const answers = Object.entries(cpusOn).map(
    ([host, cpus]) =>
      `"-- ${host} sudo virsh -r vcpuinfo instance-0007") printf 'VCPU: 0\\nCPU: %s\\nState: running\\nCPU time: %s.1s\\nCPU Affinity: ${cpus}\\n' "$$" "$$" ;;
"-- ${host} sudo virsh -r numatune instance-0007") printf 'numa_mode : strict\\nnuma_nodeset : 0\\n' ;;`,
  );
  stub('asked', `case "$*" in ${answers.join('\n')} *) echo "unknown: $*" >&2; exit 1 ;; esac`);
}

const ready = { PLANNER_FENCED_HOSTS: 'h1', PLANNER_SSH: 'asked' };

describe.each(families)('a script for profile %s', (profile, requests) => {
  it('asks by the clients of its release, as the other formats say it', () => {
    const plan = wholePlan(profile);
    libvirtSays({ h1: 'yy--', h2: 'yy--' });

    const ran = runScript(plan, wholeCloud(), ready);

    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    expect(ran.requests).toEqual(requests(plan));
    const said = plan.steps.map((step) => commandOf(step, plan));
    expect(
      said.map((command) =>
        [command?.program, ...(command?.words ?? [])].filter((word) => word !== 'openstack'),
      ),
    ).toEqual(
      ran.requests.map(([version, first, ...rest]) =>
        first === 'nova'
          ? ['nova', '--os-compute-api-version', version, ...rest]
          : ['--os-compute-api-version', version, first, ...rest],
      ),
    );
    expect(ran.cloud.servers['s-db-1']).toMatchObject({ host: 'h2', status: 'ACTIVE' });
  });

  it('asks for nothing when it is run again', () => {
    const plan = wholePlan(profile);
    libvirtSays({ h1: 'yy--', h2: 'yy--' });

    const again = runScript(plan, runScript(plan, wholeCloud(), ready).cloud, ready);

    expect([again.status, again.requests]).toEqual([0, []]);
  });

  it('does not confirm a resize of somebody else', () => {
    const plan = planFor(profile, aMigration({ kind: 'cold' }), aConfirm());
    const resized = {
      status: 'VERIFY_RESIZE',
      host: 'h2',
      migrations: [{ status: 'finished', type: 'resize', to: 'h2' }],
    };

    const { requests: asked, stderr } = runScript(plan, cloudOf({ 's-web-1': resized }));

    expect(asked).toEqual([]);
    expect(stderr).toContain('not of the migration to h2');
  });

  it.skipIf(spawnSync('shellcheck', ['--version']).status !== 0)('has nothing that shellcheck minds', () => {
    const file = join(folder, 'plan.sh');
    const clock = {
      startsAt: 0,
      offsetSeconds: 0,
      windows: [],
      days: [],
      freezes: [],
      apartSeconds: 60,
    };
    for (const script of [planScript(wholePlan(profile)), planScript(wholePlan(profile), clock)]) {
      writeFileSync(file, script);

      expect(spawnSync('shellcheck', [file], { encoding: 'utf8' }).stdout).toBe('');
    }
  });
});

describe('a forced live migration', () => {
  const forced = aMigration({ forced: true });

  it.each([
    ['rhosp-13', ['2.24', 'server', 'migrate', '--live=h2', '--shared-migration', '--', 's-web-1']],
    ['rhosp-13-late', ['2.24', 'server', 'migrate', '--live=h2', '--shared-migration', '--', 's-web-1']],
  ])('is asked for as the guide of %s has it', (profile, request) => {
    const plan = planFor(profile, forced);

    const ran = runScript(plan, wholeCloud(), { PLANNER_SSH: 'none' });

    expect(ran.stderr).toBe('');
    expect(ran.requests).toEqual([request]);
    expect(commandOf(plan.steps[0] ?? forced, plan)?.words.slice(1)).toEqual(request);
  });

  it('goes by nova on Train, and not at all with clients of today', () => {
    expect(commandOf({ ...forced, microversion: '2.67' }, planFor('rhosp-16'))).toEqual({
      program: 'nova',
      words: ['--os-compute-api-version', '2.67', 'live-migration', '--force', '--', 's-web-1', 'h2'],
    });
    expect(commandOf({ ...forced, microversion: '2.67' }, planFor('zed'))).toBeUndefined();
  });
});

describe('a script for rhosp-13', () => {
  const plan = planFor('rhosp-13', aMigration());

  it('records the CPUs and NUMA nodes before, and compares them after', () => {
    libvirtSays({ h1: 'yy--', h2: 'yy--' });

    const ran = runScript(plan, wholeCloud(), ready);

    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('web-1: is on the same CPUs and NUMA nodes as before');
    const kept = ['before', 'after'].map((when) =>
      readFileSync(join(folder, 'planner-placement', `s-web-1.${when}`), 'utf8'),
    );
    expect(kept[0]).toBe('VCPU: 0\nCPU Affinity: yy--\nnuma_mode : strict\nnuma_nodeset : 0\n');
    expect(kept[1]).toBe(kept[0]);
  });

  it('stops where they differ, and asks nothing of Nova where it cannot look', () => {
    libvirtSays({ h1: 'yy--', h2: '--yy' });
    const moved = runScript(plan, wholeCloud(), ready);
    libvirtSays({});
    const blind = runScript(plan, wholeCloud(), ready);

    expect([moved.status, moved.requests.length]).toEqual([1, 1]);
    expect(moved.stderr).toContain(
      'stopped at step s1: server web-1 is on other CPUs or NUMA nodes than before',
    );
    expect([blind.status, blind.requests.length]).toEqual([1, 0]);
    expect(blind.stderr).toContain('cannot ask libvirt on h1: set PLANNER_SSH');
  });
});

it.each([
  ['rhosp-13', 'queens'],
  ['rhosp-13-late', 'queens'],
  ['rhosp-16', 'train'],
  ['rhosp-17', 'current'],
  ['zed', 'current'],
  ['latest', 'current'],
])('profile %s goes with the clients of %s', (profile, client) => {
  expect(clientOf(planFor(profile))).toBe(client);
});

it.each([
  ['rhosp-13', 'openstack server resize --revert -- s-1'],
  ['rhosp-16', 'openstack server resize --revert -- s-1'],
  ['zed', 'openstack server migrate revert -- s-1'],
])('a cold migration of %s is reverted by %s', (profile, command) => {
  expect(revertText('s-1', planFor(profile))).toBe(command);
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scriptClock } from '../../src/cli/script-clock.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { factsPlaybook } from '../../src/report/facts-script.ts';
import { planPlaybook } from '../../src/report/plan-playbook.ts';
import { shippedProfile } from '../support/builders.ts';
import { cloudOf, folder, runPlaybook, stub } from './run-script.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

const plan = aPlan([
  aServiceStep(),
  aMigration(),
  aMigration({ id: 's2', kind: 'cold', server: serverId('s-db-1'), serverName: 'db-1' }),
  aConfirm({ id: 's3', of: 's2', server: serverId('s-db-1'), serverName: 'db-1' }),
]);
const bothOnH1 = () =>
  cloudOf({
    's-web-1': { status: 'ACTIVE', host: 'h1', domain: 'd' },
    's-db-1': { status: 'ACTIVE', host: 'h1' },
  });

/** The same steps by the clients of Queens. */
function oldPlan(): Plan {
  const { novaMajors, switches } = shippedProfile('rhosp-13');
  const steps = plan.steps.map((step) => (step.kind === 'live' ? { ...step, microversion: '2.34' } : step));
  return aPlan(steps, {
    basedOn: { ...plan.basedOn, profile: 'rhosp-13', release: { novaMajors, switches } },
  });
}

const nasty = (mark: string): string =>
  `{{ lookup('pipe', 'touch ${mark}1') }}{% raw %}$(touch ${mark}2)'"\n- #\u2028\u001B\\{#`;

it('is YAML, with every name in it as it is', () => {
  const hostile = aPlan([
    aServiceStep({ host: hostId(nasty('h')), reason: nasty('r') }),
    aMigration({ server: serverId(nasty('s')), serverName: nasty('n'), to: hostId(nasty('t')) }),
  ]);
  const argvs: unknown[] = [];
  const text = planPlaybook(hostile);
  const customTags = [{ tag: '!unsafe', resolve: (value: string) => value }];
  const note = (key: unknown, value: unknown): unknown => {
    if (key === 'argv') argvs.push(value);
    return value;
  };
  parse(text, note, { customTags });

  expect(
    text.split('\n').filter((line) => /(?<!\{ )\{\{ lookup|\{%/.test(line) && !line.includes('!unsafe')),
  ).toEqual([]);
  expect(argvs).toContainEqual([
    'openstack',
    '--os-compute-api-version',
    '2.68',
    'server',
    'migrate',
    '--live-migration',
    `--host=${nasty('t')}`,
    '--',
    nasty('s'),
  ]);
});

const ansible = spawnSync('ansible-playbook', ['--version']).status === 0;

/** Ansible comes from Debian's package ansible-core; where it is not installed, nothing here can be run. */
describe.skipIf(!ansible)('a playbook, run by Ansible', () => {
  it('disables, migrates, waits, compares and confirms; and does nothing when run again', () => {
    const first = runPlaybook(plan, bothOnH1());
    const again = runPlaybook(plan, first.cloud);

    expect(first.stdout).toContain('failed=0');
    expect(first.requests).toEqual([
      [
        '2.53',
        'compute',
        'service',
        'set',
        '--disable',
        `--disable-reason=planner plan ${plan.id}: emptied by consolidate`,
        '--',
        'h1',
        'nova-compute',
      ],
      ['2.68', 'server', 'migrate', '--live-migration', '--host=h2', '--', 's-web-1'],
      ['2.56', 'server', 'migrate', '--host=h2', '--', 's-db-1'],
      ['2.56', 'server', 'migrate', 'confirm', '--', 's-db-1'],
    ]);
    expect(first.cloud.servers['s-db-1']).toMatchObject({ host: 'h2', status: 'ACTIVE' });
    expect([first.status, again.status]).toEqual([0, 0]);
    expect(again.requests).toEqual([]);
  });

  it('goes by the clients of Queens, and records and compares the placement', () => {
    stub('asked', 'echo "$*" | sed "s/h[0-9]//"');

    const ran = runPlaybook(oldPlan(), bothOnH1(), { PLANNER_SSH: 'asked' });

    expect(ran.stdout).toContain('failed=0');
    expect(ran.requests.map(([, ...words]) => words.slice(0, 3).join(' '))).toEqual([
      'compute service set',
      'nova live-migration --',
      'nova migrate --host=h2',
      'server resize --confirm',
    ]);
    expect(readdirSync(join(folder, 'planner-placement')).sort()).toEqual([
      's-web-1.after',
      's-web-1.before',
    ]);
  });

  it('stops where a migration failed, or the destination is not as planned', () => {
    const failed = runPlaybook(plan, { ...bothOnH1(), outcomes: { 's-web-1': 'fails' } });
    const closed = bothOnH1();
    closed.services['h2'] = { status: 'disabled', state: 'up' };
    const disabled = runPlaybook(plan, closed);

    expect([failed.status, disabled.status]).toEqual([2, 2]);
    expect(failed.stdout).toContain('server web-1 is not on h2: the migration failed');
    expect(failed.requests).toHaveLength(2);
    expect(disabled.stdout).toContain('nova-compute on h2 is not enabled and up as planned');
    expect(disabled.requests).toHaveLength(1);
  });

  it('stops where a server has arrived in ERROR, also when it is run again', () => {
    const first = runPlaybook(plan, { ...bothOnH1(), outcomes: { 's-web-1': 'error-there' } });
    const again = runPlaybook(plan, first.cloud);

    expect([first.status, again.status]).toEqual([2, 2]);
    expect(first.stdout).toContain('server web-1 is in ERROR on h2');
    expect(again.stdout).toContain('server web-1 is in ERROR on h2');
    expect(again.requests).toEqual([]);
  });

  it('takes a host for fenced only where a list names it', () => {
    const evacuation = aPlan([aMigration({ kind: 'evacuate', guards: [] })]);
    const ran = (planner_fenced_hosts: unknown) =>
      runPlaybook(evacuation, bothOnH1(), {}, undefined, { planner_fenced_hosts });

    const text = ran('h10');
    const named = ran(['h1']);

    expect([text.status, text.requests]).toEqual([2, []]);
    expect(text.stdout).toContain('make sure that h1 is powered off');
    expect([named.status, named.requests.length]).toEqual([0, 1]);
  });

  it('counts a deadline that is a duration from its beginning', () => {
    const calendar = { startsAt: '2026-01-01T22:00:00Z', timezone: '+00:00', windows: [], days: [] };
    const timed = aPlan([aMigration({ startSeconds: 0, endSeconds: 60 })], {
      basedOn: {
        ...plan.basedOn,
        options: { ...plan.basedOn.options, calendar: { ...calendar, freezes: [], deadline: '1h' } },
      },
    });
    const begun = (planner_begun: number) =>
      runPlaybook(timed, bothOnH1(), {}, scriptClock(timed), { planner_begun });

    const inTime = runPlaybook(timed, bothOnH1(), {}, scriptClock(timed));
    const late = begun(Date.parse('2026-01-01T22:00:00Z') / 1000);

    expect([inTime.status, inTime.requests.length]).toEqual([0, 1]);
    expect([late.status, late.requests]).toEqual([2, []]);
    expect(late.stdout).toContain('it would end after the deadline of the plan');
  });

  it('refuses outside a window where that is asked', () => {
    const calendar = {
      startsAt: '2126-01-01T22:00:00Z',
      timezone: '+00:00',
      windows: [],
      days: [],
      freezes: [],
    };
    const timed = aPlan([aMigration()], {
      basedOn: { ...plan.basedOn, options: { ...plan.basedOn.options, calendar } },
    });

    const ran = runPlaybook(timed, bothOnH1(), { PLANNER_OUTSIDE: 'refuse' }, scriptClock(timed));

    expect([ran.status, ran.requests]).toEqual([2, []]);
    expect(ran.stdout).toContain('it is to wait for the start of the plan');
  });

  it('runs nothing that a name holds', () => {
    const [server, to] = [nasty('s'), nasty('t')].map((name) => name.replace('\n', ' '));
    const hostile = aPlan([
      aServiceStep({ reason: nasty('r'), disabledReason: nasty('d') }),
      aMigration({ server: serverId(server ?? ''), serverName: nasty('n'), to: hostId(to ?? '') }),
    ]);
    const cloud = cloudOf({ [server ?? '']: { status: 'ACTIVE', host: 'h1' } }, ['h1', to ?? '']);

    const ran = runPlaybook(hostile, cloud);

    expect(ran.stdout).toContain('failed=0');
    expect(ran.requests.at(-1)).toEqual([
      '2.68',
      'server',
      'migrate',
      '--live-migration',
      `--host=${to ?? ''}`,
      '--',
      server,
    ]);
    expect(readdirSync(folder).filter((name) => /^[sntrd][12]$/.test(name))).toEqual([]);
  });

  it('gathers facts into a folder a host', () => {
    const home = join(folder, 'work');
    mkdirSync(home);
    writeFileSync(join(home, 'facts.yml'), factsPlaybook());
    writeFileSync(
      join(home, 'nova.conf'),
      '[DEFAULT]\nhost = here\nmy_ip = 10.0.0.9\n[service_user]\npassword = hidden\n',
    );
    const { status, stdout } = spawnSync(
      'ansible-playbook',
      ['-i', 'localhost,', '-c', 'local', '-e', 'ansible_become=false', join(home, 'facts.yml')],
      {
        cwd: home,
        encoding: 'utf8',
        env: {
          ...process.env,
          HOME: home,
          LC_ALL: 'C.UTF-8',
          ANSIBLE_NOCOLOR: '1',
          NOVA_CONF: join(home, 'nova.conf'),
        },
      },
    );

    expect(stdout).toContain('failed=0');
    expect(status).toBe(0);
    expect(readdirSync(join(home, 'host-facts')).filter((name) => !name.startsWith('.'))).toEqual(['here']);
    expect(existsSync(join(home, 'host-facts', 'here', 'planner-facts.txt'))).toBe(true);
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { folder, importRecording, planner } from './run-planner.ts';

beforeAll(() => {
  importRecording();
});

const planIn = (file: string) => parsePlan(readFileSync(join(folder, file), 'utf8'));

describe('planner evacuate', () => {
  it('plans for a host of the recording that is down, and names who is left', () => {
    const { status, stdout } = planner(
      'evacuate',
      'kvm-b06',
      '--important',
      'server:fin-db-1',
      '--effort',
      '10',
      '-o',
      'evacuate.json',
    );

    expect(status).toBe(0);
    expect(stdout).toMatch(/^moves {8}3 servers in 3 migrations: 0 live, 0 cold, 3 by evacuate$/m);
    expect(stdout).toContain('not done (');
    expect(planIn('evacuate.json').basedOn.options.important).toEqual([['server:fin-db-1']]);
    expect(planner('verify', 'evacuate.json')).toMatchObject({ status: 0 });

    const simulate = ['run', 'evacuate.json', '--simulate', '--yes'];
    const unsaid = planner(...simulate, '--fenced', 'kvm-b05');
    expect(unsaid).toMatchObject({ status: 2, stdout: '' });
    expect(unsaid.stderr).toContain('the plan evacuates nobody from it (at --fenced, value kvm-b05)');
    expect(unsaid.stderr).toContain('servers are evacuated from it (at --fenced, value kvm-b06)');
    expect(planner(...simulate, '--fenced', 'kvm-b06', '--journal', 'evacuated.jsonl')).toMatchObject({
      status: 0,
    });
  });

  it('is not taken back by enabling a host that is down', () => {
    const inventory = JSON.parse(readFileSync(join(folder, 'inventory.json'), 'utf8')) as {
      hosts: { id: string; service: object }[];
    };
    const hosts = inventory.hosts.map((host) =>
      host.id === 'kvm-b06' ? { ...host, service: { ...host.service, status: 'disabled' } } : host,
    );
    const later = { ...inventory, hosts, capturedAt: '2027-01-01T00:00:00Z' };
    writeFileSync(join(folder, 'later.json'), JSON.stringify(later));

    const { stdout, stderr } = planner(
      ...['rollback', 'evacuate.json', '--inventory', 'later.json', '--journal', 'evacuated.jsonl'],
    );

    expect(stdout).toBe('nothing to do but for these hosts\n');
    expect(stderr).toContain('nova-compute on kvm-b06 is down: start it first');
  });

  it('refuses a host that is up, and options that make no sense, all at once', () => {
    const { status, stderr } = planner(
      ...['evacuate', 'kvm-a05', '--important', 'web=2', '--important', 'no-such-tag'],
      ...['--important', 'host:kvm-a01', '--assume-down', 'nowhere'],
    );

    expect(status).toBe(2);
    expect(stderr).toContain('nova-compute is up there');
    expect(stderr).toContain('--assume-down kvm-a05');
    expect(stderr).toContain('some have a weight and some have none');
    expect(stderr).toContain('says where servers run, not which');
    expect(stderr).toContain('nowhere');
  });
});

describe('planner undrain', () => {
  it('tells why a host is not to be enabled, plans nothing, and does it when told to', () => {
    const refused = planner('undrain', 'kvm-b05', '-o', 'undrain.json');

    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('kvm-b05 was not disabled by a plan');

    const printed = planner('undrain', 'kvm-b05', '--force-enable', '--out', '-');
    expect(JSON.parse(printed.stdout)).toMatchObject({ kind: 'plan' });
    expect(existsSync(join(folder, '-'))).toBe(false);

    const forced = planner('undrain', 'kvm-b05', '--force-enable', '-o', 'undrain.json');
    expect(forced.status).toBe(0);
    expect(planIn('undrain.json').steps).toMatchObject([{ kind: 'enable-service', host: 'kvm-b05' }]);
    expect(planner('verify', 'undrain.json')).toMatchObject({ status: 0 });
    expect(planner('undrain', 'kvm-a01')).toMatchObject({
      status: 0,
      stdout: 'nothing to do: everything is as it was\n',
    });
    expect(JSON.parse(planner('undrain', 'kvm-a01', '--json').stdout)).toMatchObject({
      kind: 'nothing-to-do',
    });
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { doctorResult } from '../support/doctor-result.ts';
import { writeCloudsFile } from '../support/fake-openstack/clouds-file.ts';
import { type FakeApi, ok } from '../support/fake-openstack/fake-api.ts';
import { admin } from '../support/fake-openstack/keystone.ts';
import { recordedApi } from '../support/fake-openstack/recorded-api.ts';
import { type FakeOpenStack, type FakeOptions, startFake } from '../support/fake-openstack/start.ts';
import { folder, plannerInside, recording } from './run-planner.ts';

const recordedReplies = recordedApi(recording);
const api: FakeApi = (request) =>
  /\/os-instance-actions$/.test(request.path) ? ok({ instanceActions: [] }) : recordedReplies(request);
const running: FakeOpenStack[] = [];
afterEach(async () => {
  for (const fake of running.splice(0)) await fake.close();
});

/** Asks a fake cloud; the checks by id. */
async function doctorOf(options: Partial<FakeOptions> = {}, ...words: readonly string[]) {
  const fake = await startFake({ api, account: admin, ...options });
  running.push(fake);
  const directory = join(folder, `doctor-${running.length}-${fake.url.split(':').at(-1) ?? ''}`);
  mkdirSync(directory);
  writeCloudsFile(directory, fake);
  const surroundings = { env: {}, workingDirectory: directory, homeDirectory: directory };
  const ran = await plannerInside(['doctor', '--cloud', 'fake', '--json', ...words], { surroundings });
  return { ...ran, seen: fake.seen, ...doctorResult(ran.stdout) };
}

const withoutHosts = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body).replaceAll('OS-EXT-SRV-ATTR:host"', 'x"'));

const refusing =
  (path: RegExp, policy: string): FakeApi =>
  (request) =>
    path.test(request.path)
      ? {
          status: 403,
          body: { forbidden: { code: 403, message: `Policy doesn't allow ${policy} to be performed.` } },
        }
      : api(request);

describe('planner doctor on a live cloud', () => {
  it('asks every service, only reads, and finds what the recording holds', async () => {
    const ran = await doctorOf();

    expect(ran.stderr).not.toContain('error');
    expect(ran.status).toBe(0);
    expect(ran.seen.filter((line) => !line.startsWith('GET '))).toEqual(
      ran.seen.filter((line) => line === 'POST /identity/v3/auth/tokens'),
    );
    for (const id of [
      'services-answer',
      'microversions',
      'permissions-run',
      'placement-providers',
      'allocations',
    ])
      expect([id, ran.state(id)]).toEqual([id, 'ok']);
    expect(ran.bad('compute-services')).toEqual([
      'warning kvm-b06: nova-compute is forced down: somebody has fenced the host, or left it so',
    ]);
    expect(ran.stdout).not.toMatch(/pa55|gAAAAA/);
  });

  it('names the policy that is missing, and goes on with the rest', async () => {
    const policy = 'os_compute_api:os-services:list';

    const ran = await doctorOf({ api: refusing(/^\/os-services$/, policy) });

    expect(ran.status).toBe(1);
    expect(ran.bad('permissions-import')).toContain(`problem Nova GET /os-services: refused by ${policy}`);
    expect(ran.state('services-answer')).toBe('ok');
    expect(ran.bad('compute-services')).toEqual(['unknown cloud: the cloud was not read']);
    expect(ran.stderr).toContain('warning cloud.forbidden');
  });

  it('says that what shows hosts of servers is missing', async () => {
    const ran = await doctorOf({
      api: (request) => {
        const answer = api(request);
        return request.path === '/servers/detail' && answer !== undefined
          ? {
              ...answer,
              body: withoutHosts(answer.body),
            }
          : answer;
      },
    });

    expect(ran.status).toBe(1);
    expect(ran.bad('permissions-import')).toContain(
      'problem Nova GET /servers/detail: answered without what os_compute_api:os-extended-server-attributes shows',
    );
  });

  it('tells a service that is not there, or too old, from one that answers', async () => {
    const without = await doctorOf({ services: ['identity', 'compute', 'image'] });
    const old = await doctorOf({ compute: '2.60' }, '--release', 'zed');

    expect(without.status).toBe(1);
    expect(without.bad('services-answer')).toEqual([
      'problem Placement: is not in the catalog of this region and interface',
    ]);
    expect(old.status).toBe(1);
    expect(old.bad('microversions')?.[0]).toContain(
      'problem Nova: offers up to 2.60; the profile asks for live 2.68',
    );
  });

  it('does not take a refused password for a healthy cloud', async () => {
    const ran = await doctorOf({ account: { ...admin, accepts: [] } });

    expect(ran.status).toBe(1);
    expect(ran.bad('services-answer')).toContain(
      'problem Keystone, Nova, Placement: Keystone does not accept the credentials of fake',
    );
    expect(ran.stdout + ran.stderr).not.toMatch(/pa55/);
  });
});

describe('planner doctor on what was recorded', () => {
  it('finds the differences between the hosts of the recording', async () => {
    const facts = join(recording, '..', 'zed-12hosts-more', 'host-facts');

    const ran = await plannerInside(['doctor', recording, '--host-facts', facts]);
    const json = await plannerInside(['doctor', recording, '--host-facts', facts, '--json']);

    expect([ran.status, json.status]).toEqual([0, 0]);
    const { bad, state } = doctorResult(json.stdout);
    expect(bad('alike-settings')?.slice(0, 2)).toEqual([
      'warning [libvirt] cpu_mode: differs: host-model on kvm-a01, kvm-a02, kvm-a03, kvm-a04, kvm-a05 and 5 more; custom on kvm-b05',
      'warning [libvirt] hw_machine_type: differs: x86_64=q35 on kvm-a01, kvm-a02, kvm-a03, kvm-a04, kvm-a05 and 5 more; x86_64=pc on kvm-a06',
    ]);
    expect(bad('cpu-types')?.[0]).toContain('warning Skylake-Server-IBRS and Cascadelake-Server-noTSX');
    expect(state('services-answer')).toBe('unknown');
    expect(ran.stdout).toMatch(
      /^26 checks of zed-12hosts by profile zed: 0 problems, \d+ warnings, \d+ unknown, \d+ ok/,
    );
    expect(ran.stdout).toContain('name one with --cloud');
  });

  it('reads an inventory, and refuses two clouds and folders that are not there', async () => {
    const file = join(folder, 'doctor.json');
    await plannerInside(['import', '--from', recording, '-o', file]);

    const ran = await plannerInside(['doctor', '--inventory', file]);
    const wrong = await plannerInside(['doctor', 'nowhere', '--inventory', file, '--host-facts', 'no-facts']);

    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('no facts of hosts');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('there is one cloud to look at');
    expect(wrong.stderr.match(/there is no such folder/g)).toHaveLength(2);
  });
});

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { writeCloudsFile } from '../support/fake-openstack/clouds-file.ts';
import { admin } from '../support/fake-openstack/keystone.ts';
import { recordedApi } from '../support/fake-openstack/recorded-api.ts';
import { type FakeOpenStack, type FakeOptions, startFake } from '../support/fake-openstack/start.ts';
import { folder, plannerInside, recording } from './run-planner.ts';

const api = recordedApi(recording);
const running: FakeOpenStack[] = [];
afterEach(async () => {
  for (const fake of running.splice(0)) await fake.close();
});

let clouds = 0;

/** A working directory whose clouds.yaml describes a fake cloud `fake`. */
async function cloudWith(options: Partial<FakeOptions> = {}, settings = {}): Promise<string> {
  const fake = await startFake({ api, account: admin, ...options });
  running.push(fake);
  clouds += 1;
  const directory = join(folder, `cloud-${clouds}`);
  mkdirSync(directory);
  writeCloudsFile(directory, fake, { settings, secure: true });
  return directory;
}

function at(directory: string, env: Readonly<Record<string, string>> = {}) {
  return { surroundings: { env, workingDirectory: directory, homeDirectory: directory } };
}

describe('planner import --cloud', () => {
  it('writes the inventory of a live cloud, and says what rules can make of it', async () => {
    const directory = await cloudWith();
    const file = join(directory, 'cloud.json');

    const ran = await plannerInside(['import', '--cloud', 'fake', '-o', file], at(directory));

    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('12 hosts and 89 servers as of 2026-11-21T10:00:00Z');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ capturedAt: '2026-11-21T10:00:00Z' });
  });

  it('names a file of certificates that cannot be read', async () => {
    const directory = await cloudWith({}, { cacert: '/nowhere/ca.pem' });

    const { status, stderr } = await plannerInside(
      ['import', '--cloud', 'fake', '-o', 'x.json'],
      at(directory),
    );

    expect(status).toBe(2);
    expect(stderr).toContain(
      'error cloud.tls-file: the file of cacert cannot be read: ENOENT (at /nowhere/ca.pem)',
    );
  });

  it('keeps the replies with --record, from which the same inventory can be imported again', async () => {
    const directory = await cloudWith();
    const kept = join(directory, 'kept');
    const files = ['live.json', 'again.json'].map((name) => join(directory, name));
    const words = ['import', '--cloud', 'fake', '--record', kept, '-o', files[0] ?? ''];

    const live = await plannerInside(words, at(directory));
    const again = await plannerInside(['import', '--from', kept, '-o', files[1] ?? '']);
    const refused = await plannerInside(words, at(directory));

    expect([live.status, again.status, refused.status]).toEqual([0, 0, 2]);
    const [first, second] = files.map((file) => readFileSync(file, 'utf8'));
    expect(second).toBe(first);
    expect(refused.stderr).toContain('the folder is not empty (at --record');
  });

  it('leaves nothing behind in the temporary folder, and shows how far it is', async () => {
    const directory = await cloudWith();
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('planner-import-'));
    let now = 0;

    const ran = await plannerInside(['import', '--cloud', 'fake', '-o', join(directory, 'x.json')], {
      ...at(directory),
      watched: true,
      now: () => (now += 1),
    });

    expect(ran.stderr).toContain('reading topologies of servers: 89 of 89');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('planner-import-'))).toEqual(before);
  });

  it('names the policies that a user lacks', async () => {
    const directory = await cloudWith({
      api: (request) =>
        request.path === '/servers/detail'
          ? {
              status: 403,
              body: {
                forbidden: {
                  code: 403,
                  message:
                    "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.",
                },
              },
            }
          : api(request),
    });

    const ran = await plannerInside(['import', '--cloud', 'fake'], at(directory));

    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('error cloud.forbidden: Nova does not allow this user to ask for it');
    expect(ran.stderr).toContain(
      "hint: use an administrator's credentials, or have os_compute_api:servers:detail:get_all_tenants allowed",
    );
  });

  it('shows no secret, whatever goes wrong', async () => {
    const wrong = await cloudWith({ account: { ...admin, accepts: [] } });
    const broken = await cloudWith({ faults: [{ on: '/os-services', times: 9, does: { kind: 'expire' } }] });
    const runs = [
      await plannerInside(['import', '--cloud', 'fake'], at(wrong)),
      await plannerInside(['import', '--cloud', 'fake', '--json'], at(broken)),
    ];

    expect(runs.map(({ status }) => status)).toEqual([2, 2]);
    expect(runs[0]?.stderr).toContain(
      'error cloud.unauthorized: Keystone does not accept the credentials of fake',
    );
    for (const { stderr, stdout } of runs) expect(stdout + stderr).not.toMatch(/never|gAAAAA/);
  });

  it('trusts a CA that is named, nobody else, and everybody only when asked', async () => {
    const pem = (name: string) =>
      fileURLToPath(new URL(`../support/fake-openstack/tls/${name}.pem`, import.meta.url));
    const tls = { cert: pem('cert'), key: pem('key') };
    const import_ = async (settings: object) => {
      const directory = await cloudWith({ tls }, settings);
      return plannerInside(['import', '--cloud', 'fake', '-o', join(directory, 'x.json')], at(directory));
    };

    const unknown = await import_({});
    const named = await import_({ cacert: tls.cert });
    const unchecked = await import_({ verify: false });

    expect([unknown.status, named.status, unchecked.status]).toEqual([2, 0, 0]);
    expect(unknown.stderr).toContain('error cloud.untrusted: Keystone is not trusted');
    expect(unknown.stderr).toContain('its certificate is self-signed');
  });

  it('needs to know which cloud', async () => {
    const ran = await plannerInside(['import']);
    const both = await plannerInside(['import', '--from', recording, '--cloud', 'x']);

    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('error cloud.none: nothing says which cloud to read');
    expect(both.stderr).toContain('there is one cloud to read (at --from');
  });
});

describe('a planning command', () => {
  it('imports the cloud of --cloud or OS_CLOUD and keeps the inventory beside the plan', async () => {
    const directory = await cloudWith();
    const out = join(directory, 'plan.json');
    const words = ['drain', 'kvm-a01', '--out', out, '--effort', '1'];

    const named = await plannerInside([...words, '--cloud', 'fake'], at(directory));
    const usual = await plannerInside(['check', '--json'], at(directory, { OS_CLOUD: 'fake' }));
    const verified = await plannerInside([
      'verify',
      out,
      '--inventory',
      join(directory, 'fake.inventory.json'),
    ]);

    expect(named.stderr).toContain(`imported cloud fake`);
    expect(named.stderr).toContain(`its inventory is ${join(directory, 'fake.inventory.json')}`);
    expect(usual.stderr).toContain('imported cloud fake');
    expect(JSON.parse(usual.stdout)).toMatchObject({ hosts: 12, servers: 89 });
    expect(existsSync(join(directory, 'fake.inventory.json'))).toBe(true);
    if (named.status === 0) expect(verified.status).toBe(0);
  });

  it('says where facts can be read that nobody told, where they keep servers from leaving', async () => {
    const directory = await cloudWith();
    const words = [
      'drain',
      'kvm-a01',
      '--allow',
      'cold',
      '--cloud',
      'fake',
      '--out',
      join(directory, 'p.json'),
    ];

    const { status, stdout } = await plannerInside(words, { ...at(directory), width: 200 });

    expect(status).toBe(1);
    expect(stdout).toContain('NUMA cells of some hosts are not known');
    const [, told = ''] = stdout.split('Rules that were not told enough refuse.');
    expect(told).toContain('  - the table instance_extra\n');
    expect(told).toContain('  - the table compute_nodes, or `virsh dumpxml` of every guest of the host\n');
    expect(told).not.toContain('metrics/');
  });

  it('plans with what was gathered of hosts beside what the APIs tell', async () => {
    const directory = await cloudWith();
    const facts = fileURLToPath(new URL('../../fixtures/zed-12hosts-more/host-facts', import.meta.url));
    const words = [
      'drain',
      'kvm-a01',
      '--allow',
      'cold',
      '--host-facts',
      facts,
      '--out',
      join(directory, 'p.json'),
    ];

    const ran = await plannerInside([...words, '--cloud', 'fake'], { ...at(directory), width: 200 });
    const alone = await plannerInside([...words, '--inventory', join(directory, 'fake.inventory.json')]);

    expect(ran.stdout).not.toContain('NUMA cells of some hosts are not known');
    expect(existsSync(join(directory, 'fake.inventory.json'))).toBe(true);
    expect(alone.status).toBe(2);
    expect(alone.stderr).toContain('facts of hosts are read with a live cloud');
  });

  it('reads the file of --inventory whatever OS_CLOUD says, and asks no cloud after a typing error', async () => {
    const directory = await cloudWith();
    const file = join(directory, 'cloud.json');
    await plannerInside(['import', '--from', recording, '-o', file]);

    const ran = await plannerInside(
      ['check', '--inventory', file, '--json'],
      at(directory, { OS_CLOUD: 'no-such-cloud' }),
    );
    const typed = await plannerInside(
      ['drain', 'kvm-a01', '--effort', 'x', '--cloud', 'fake'],
      at(directory),
    );

    expect(ran.stderr).not.toContain('no-such-cloud');
    expect(typed.status).toBe(2);
    expect(running[0]?.seen).toEqual([]);
  });
});

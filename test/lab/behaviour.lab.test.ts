import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostsAre, killHost, startHosts } from './support/hosts.ts';
import { type Lab, openLab } from './support/lab.ts';
import { migrationIs, migrationsOf } from './support/migrations.ts';
import { seedServers } from './support/seed.ts';
import { act, settled, showServer } from './support/server-action.ts';

/** What the fake hypervisors promise the other tests: by Nova's own API, without the product. */
describe('a fake hypervisor', () => {
  let lab: Lab;
  let id: string;
  let source: string;
  let target: string;

  beforeAll(async () => {
    lab = await openLab();
    const [flavor = ''] = Object.keys(lab.seed.flavors);
    // Two hosts without cells and of one CPU model, in the order of the spec.
    [source = '', target = ''] = Object.entries(lab.hosts.hosts)
      .filter(([, { cells, cpu }]) => cells === undefined && cpu === undefined)
      .map(([name]) => name);
    [id = ''] = await seedServers(lab.admin, [{ name: 'subject', flavor, host: source }]);
  });

  beforeEach(() => lab.forget('subject'));

  afterAll(() => lab.remove('subject'));

  const live = (host: string) => act(lab.admin, id, { 'os-migrateLive': { host, block_migration: 'auto' } });
  const hostNow = async () => (await showServer(lab.admin, id))['OS-EXT-SRV-ATTR:host'];

  it('rolls a copy back that fails, and the server stays', async () => {
    await lab.behave('subject', { 'lab.live.fail': 'copy' });

    await live(target);

    await migrationIs(lab.admin, id, 'failed');
    await settled(lab.admin, id, 'ACTIVE');
    expect(await hostNow()).toBe(source);
  });

  it('stalls until it is aborted', async () => {
    await lab.behave('subject', { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });
    await live(target);
    const { id: migration } = await migrationIs(lab.admin, id, 'running');

    await lab.admin.change('compute', 'DELETE', `/servers/${id}/migrations/${migration}`);

    await migrationIs(lab.admin, id, 'cancelled');
    await settled(lab.admin, id, 'ACTIVE');
    expect(await hostNow()).toBe(source);
  });

  it('stalls until it is forced, and the server has moved', async () => {
    await lab.behave('subject', { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });
    await live(target);
    const { id: migration } = await migrationIs(lab.admin, id, 'running');

    await lab.admin.change('compute', 'POST', `/servers/${id}/migrations/${migration}/action`, {
      force_complete: null,
    });

    await migrationIs(lab.admin, id, 'completed');
    await settled(lab.admin, id, 'ACTIVE');
    expect(await hostNow()).toBe(target);
  });

  it('refuses in the pre-check what Nova has accepted', async () => {
    await lab.behave('subject', { 'lab.live.fail': 'check' });

    const { status } = await live(source);

    expect(status).toBe(202);
    await migrationIs(lab.admin, id, 'error');
    await settled(lab.admin, id, 'ACTIVE');
    expect(await hostNow()).toBe(target);
  });

  it('moves a server cold, and back when that is reverted', async () => {
    await act(lab.admin, id, { migrate: { host: source } });
    await settled(lab.admin, id, 'VERIFY_RESIZE');
    expect(await hostNow()).toBe(source);

    await act(lab.admin, id, { revertResize: null });

    await settled(lab.admin, id, 'ACTIVE');
    expect(await hostNow()).toBe(target);
  });

  it('keeps its guests while its service is killed and started again', async () => {
    await killHost(target);
    await hostsAre('down', [target]);

    await startHosts(target);

    await live(source);
    await migrationIs(lab.admin, id, 'completed');
    expect((await settled(lab.admin, id, 'ACTIVE')).name).toBe('subject');
    expect(await hostNow()).toBe(source);
  });

  it('loses a guest that arrives where the destination fails', async () => {
    await lab.behave('subject', { 'lab.live.fail': 'arrive' });

    await live(target);

    await settled(lab.admin, id, 'ERROR');
    const [newest] = await migrationsOf(lab.admin, id);
    expect(newest).toMatchObject({ migration_type: 'live-migration', dest_compute: target });
    expect(await hostNow()).toBe(target);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { meaningOfAnswer } from '../../src/execute/words/meaning.ts';
import type { Step } from '../../src/plan/plan.ts';
import { after, type move } from '../plan/small-plan.ts';
import { createAdmin } from './support/admin.ts';
import { expectTrue, moveOf, outcomes, statusIn, type StatusSeen, writePlan } from './support/hand-plan.ts';
import { type Lab, openLab } from './support/lab.ts';
import { migrationIs } from './support/migrations.ts';
import { runFile } from './support/places.ts';
import { planner, plannerEnd, startPlanner } from './support/planner.ts';
import { runningPorts } from './support/running-lab.ts';
import { seedServers } from './support/seed.ts';
import type { HostsSpec } from './support/spec.ts';
import { act, type ApiServer, listServers, settled, showServer } from './support/server-action.ts';
import { query } from './support/truth.ts';
import { waitFor } from './support/wait.ts';

type Given = NonNullable<Parameters<typeof move>[4]>;

const free = 'first last second alone plain calm stopped broken busy gone'.split(' ');
const group = ['apart-1', 'apart-2'];
const large = ['large-1', 'large-2'];
const names = [...free, ...group, ...large, 'far'];

/** What Nova refuses: each is provoked in the running cloud, and has to be understood. */
describe('a refusal', () => {
  let lab: Lab;
  let source: string;
  let target: string;
  /** Of an older CPU for these tests, then of a service that is down. */
  let older: string;
  let closed: string;
  const run = ['run', 'plan.json', '--cloud', 'lab', '--yes', '--poll', '0.5'];
  const goOn = ['--on-failure', 'continue', '--max-failures', '100'];

  const change = (path: string, body: unknown) => lab.admin.change('compute', 'POST', path, body);

  async function service(host: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const Services = z.object({ services: z.array(z.object({ id: z.string() })) });
    const path = `/os-services?binary=nova-compute&host=${host}`;
    const { services } = await lab.admin.read('compute', path, Services);
    await lab.admin.change('compute', 'PUT', `/os-services/${services[0]?.id ?? ''}`, body);
  }

  /** What of a resource Placement still gives away on a host. */
  async function freeOn(host: string, resource: 'MEMORY_MB' | 'VCPU'): Promise<number> {
    const Providers = z.object({ resource_providers: z.array(z.object({ uuid: z.string() })) });
    const found = await lab.admin.read('placement', `/resource_providers?name=${host}`, Providers);
    const path = `/resource_providers/${found.resource_providers[0]?.uuid ?? ''}`;
    const Amounts = z.object({ total: z.number(), reserved: z.number(), allocation_ratio: z.number() });
    const Inventories = z.object({ inventories: z.record(z.string(), Amounts) });
    const Usages = z.object({ usages: z.record(z.string(), z.number()) });
    const { inventories } = await lab.admin.read('placement', `${path}/inventories`, Inventories);
    const { usages } = await lab.admin.read('placement', `${path}/usages`, Usages);
    const { total = 0, reserved = 0, allocation_ratio: ratio = 1 } = inventories[resource] ?? {};
    return (total - reserved) * ratio - (usages[resource] ?? 0);
  }

  /** Gives a host another CPU, or with nothing its own again; returns when Nova knows, which takes some seconds. */
  async function setCpu(
    host: string,
    given: { readonly cpu?: HostsSpec['hosts'][string]['cpu'] },
  ): Promise<void> {
    writeFileSync(runFile('hosts', `${host}.json`), JSON.stringify({ ...lab.hosts.hosts[host], ...given }));
    await waitFor({ what: `the CPU of ${host} to be known` }, async () => {
      const [[json = ''] = []] = await query(`select cpu_info from compute_nodes where host = '${host}'`);
      return json.includes('Nehalem') === (given.cpu?.model === 'Nehalem');
    });
  }

  beforeAll(async () => {
    lab = await openLab();
    const [flavor = ''] = Object.keys(lab.seed.flavors);
    const hosts = Object.entries(lab.hosts.hosts);
    [source = '', target = ''] = hosts
      .filter(([, { cells, cpu }]) => cells === undefined && cpu === undefined)
      .map(([name]) => name);
    [older = '', closed = ''] = hosts
      .map(([name]) => name)
      .filter((name) => name !== source && name !== target);
    if ((await freeOn(source, 'MEMORY_MB')) < (await freeOn(target, 'MEMORY_MB')))
      [source, target] = [target, source];
    // One of them fits on the target, another one does not.
    const room = Math.floor((await freeOn(target, 'MEMORY_MB')) / 2) + 1024;
    await change('/flavors', { flavor: { id: 'large', name: 'large', vcpus: 1, ram: room, disk: 1 } });
    const made = await change('/os-server-groups', {
      server_group: { name: 'apart', policy: 'anti-affinity' },
    });
    const { server_group } = z.object({ server_group: z.object({ id: z.string() }) }).parse(made);
    const at = (index: number) => (index === 0 ? source : target);
    await seedServers(
      lab.admin,
      [
        ...large.map((name, index) => ({ name, flavor: 'large', host: at(index) })),
        ...group.map((name, index) => ({ name, flavor, host: at(index), group: 'apart' })),
        ...free.map((name) => ({ name, flavor, host: source })),
        { name: 'far', flavor, host: older },
      ],
      new Map([['apart', server_group.id]]),
    );
    await service(closed, { status: 'disabled', disabled_reason: 'closed for a test' });
    await setCpu(older, { cpu: { model: 'Nehalem', features: [] } });
  });

  afterAll(async () => {
    await lab.enableHosts();
    const there = new Set((await listServers(lab.admin)).map(({ name }) => name));
    await Promise.all(names.filter((name) => there.has(name)).map((name) => lab.remove(name)));
    await lab.admin.change('compute', 'DELETE', '/flavors/large');
    await setCpu(older, {});
  });

  afterEach(() => service(older, { forced_down: false }));

  const server = (name: string): Promise<ApiServer> => lab.server(name);

  interface Wanted {
    readonly server: string;
    readonly to?: string;
    readonly given?: Given;
    /** The outcome that `planner status` has to tell. */
    readonly ends: string;
  }

  interface Between {
    /** A server whose live migration lasts until the change is made: the steps begin then. */
    readonly during: string;
    readonly make: () => Promise<void>;
    /** What is done beside the steps. */
    readonly then?: (folder: string) => Promise<void>;
  }

  /** Ends a copy that stalls. */
  const force = ({ id }: Pick<ApiServer, 'id'>, migration: number) =>
    change(`/servers/${id}/migrations/${migration}/action`, { force_complete: null });

  /** Carries out a plan with these steps. What makes Nova refuse them is done behind the back of the run. */
  async function refusedIn(wanted: readonly Wanted[], between?: Between): Promise<StatusSeen> {
    const slow = between === undefined ? undefined : await server(between.during);
    const steps: Step[] = slow === undefined ? [] : [moveOf('m1', slow, target)];
    const waits = slow === undefined ? {} : after('m1');
    for (const [index, { server: name, to = target, given }] of wanted.entries())
      steps.push(moveOf(`m${index + 2}`, await server(name), to, { ...given, ...waits }));
    const { folder, plan } = writePlan(steps);
    if (slow !== undefined)
      await lab.behave(slow.name, { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });
    const ended = plannerEnd(startPlanner(folder, ...run, ...goOn));
    if (between !== undefined && slow !== undefined) {
      const early = ended.then(({ stdout, stderr }) => {
        throw new Error(`the run has ended before its first copy: ${stdout}${stderr}`);
      });
      const { id } = await Promise.race([migrationIs(lab.admin, slow.id, 'running'), early]);
      await between.make();
      await force(slow, id);
      await between.then?.(folder);
    }
    const { stderr } = await ended;
    const status = await statusIn(folder);
    expect(outcomes(status), stderr).toEqual({
      ...(slow !== undefined && { m1: 'done' }),
      ...Object.fromEntries(wanted.map(({ ends }, index) => [`m${index + 2}`, ends])),
    });
    const known = status.steps.filter(({ code }) => code !== undefined);
    for (const { read, means, next } of known) {
      expect(read).toMatch(/log/);
      expect(stderr).toContain(means);
      expect(stderr).toContain(next);
    }
    await expectTrue(lab, plan, status);
    return status;
  }

  it('of a live migration is understood', async () => {
    const stalled = await server('busy');
    const status = await refusedIn(
      [
        { server: 'alone', to: closed, ends: 'failed: no-room' },
        { server: 'large-1', ends: 'failed: no-room' },
        { server: 'apart-1', ends: 'failed: filtered' },
        { server: 'stopped', ends: 'failed: wrong-state' },
        { server: 'broken', ends: 'failed: in-error' },
        { server: 'plain', given: { microversion: '2.99' }, ends: 'failed: microversion-not-offered' },
        { server: 'plain', given: { forced: true }, ends: 'failed: body-not-understood' },
        { server: 'far', ends: 'failed: compute-down' },
        { server: 'busy', ends: 'done' },
        { server: 'gone', ends: 'failed' },
      ],
      {
        during: 'first',
        make: async () => {
          const [stopped, broken] = await Promise.all(['stopped', 'broken'].map(server));
          await lab.behave('busy', { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });
          await act(lab.admin, stalled.id, { 'os-migrateLive': { host: target, block_migration: 'auto' } });
          await Promise.all([
            act(lab.admin, stopped?.id ?? '', { 'os-stop': null }),
            act(lab.admin, broken?.id ?? '', { 'os-resetState': { state: 'error' } }),
            lab.remove('gone'),
            service(older, { forced_down: true }),
          ]);
          await settled(lab.admin, stopped?.id ?? '', 'SHUTOFF');
          // A host that does one at a time lets it wait for the other.
          await migrationIs(lab.admin, stalled.id, 'running', 'queued');
        },
        // The run finds it busy, and asks again when that is over.
        then: async (folder) => {
          const { id } = await migrationIs(lab.admin, stalled.id, 'running');
          await lab.forget('busy');
          await waitFor({ what: 'the run to find it busy' }, () =>
            readFileSync(join(folder, 'plan.journal.jsonl'), 'utf8').includes('"step-retry"'),
          );
          await lab.admin.change('compute', 'DELETE', `/servers/${stalled.id}/migrations/${id}`);
        },
      },
    );
    expect(status.steps.at(-1)?.text).toBe('gone was deleted');
  });

  it('of a forced one, and one that goes to a disabled host all the same', async () => {
    const forced = { forced: true, microversion: '2.67' };
    const ends = (await freeOn(closed, 'VCPU')) > 0 ? 'done' : 'failed: capacity-forced';
    await refusedIn([
      { server: 'alone', to: closed, given: forced, ends },
      { server: 'second', to: older, ends: 'failed: cpu-not-compatible' },
      { server: 'large-1', given: forced, ends: 'failed: memory-forced' },
      { server: 'apart-1', given: forced, ends: 'failed: live-error-at-source' },
    ]);
  });

  it('of a cold one, and of one whose own host is down, is understood', async () => {
    await act(lab.admin, (await server('apart-1')).id, { 'os-resetState': { state: 'active' } });
    const cold = { kind: 'cold' } as const;
    await refusedIn(
      [
        { server: 'large-1', given: cold, ends: 'failed: no-room-cold' },
        { server: 'apart-1', given: cold, ends: 'failed: no-room-cold' },
        { server: 'second', to: closed, given: cold, ends: 'failed: no-room-cold' },
        { server: 'far', given: cold, ends: 'failed: service-down' },
      ],
      { during: 'last', make: () => service(older, { forced_down: true }) },
    );
  });

  it('that Nova gives at once is understood', async () => {
    const { id } = await server('calm');
    const member = await createAdmin(runningPorts(), 'member', 'demo');
    const nobody = '00000000-0000-0000-0000-000000000000';
    const live = { host: source, block_migration: 'auto' };
    const asked = await Promise.all([
      act(lab.admin, id, { migrate: { host: source } }),
      act(lab.admin, id, { 'os-migrateLive': { ...live, host: 'nosuch' } }),
      act(lab.admin, id, { migrate: { host: 'nosuch' } }),
      act(lab.admin, id, { evacuate: { host: 'nosuch' } }),
      act(lab.admin, nobody, { migrate: null }),
      act(lab.admin, id, { 'os-migrateLive': { host: target } }),
      act(lab.admin, id, { evacuate: { host: target } }),
      act(lab.admin, id, { confirmResize: null }),
      lab.admin.request('compute', 'DELETE', `/servers/${id}/migrations/999999`),
      lab.admin.request('compute', 'GET', `/servers/${id}`, { microversion: '2.99' }),
      act(member, id, { migrate: null }),
      member.request('compute', 'GET', '/os-services'),
    ]);

    expect(asked.map(understood)).toEqual([
      'same-host',
      'no-such-host',
      'no-such-host',
      'no-such-host',
      'no-such-server',
      'body-not-understood',
      'host-in-use',
      'nothing-to-confirm',
      'too-late-to-end',
      'microversion-not-offered',
      'no-such-server',
      'not-allowed',
    ]);
  });

  it('of what is under way already is understood', async () => {
    const { id } = await server('calm');
    const request = { 'os-migrateLive': { host: target, block_migration: 'auto' } };
    await lab.behave('calm', { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });
    await act(lab.admin, id, request);
    const { id: migration } = await migrationIs(lab.admin, id, 'running');

    expect(understood(await act(lab.admin, id, request))).toBe('busy');

    await force({ id }, migration);
    await migrationIs(lab.admin, id, 'completed');
    await settled(lab.admin, id, 'ACTIVE');
    const late = await lab.admin.request('compute', 'DELETE', `/servers/${id}/migrations/${migration}`);
    expect(understood(late)).toBe('too-late-to-end');
    expect((await showServer(lab.admin, id)).status).toBe('ACTIVE');
  });

  it('of somebody who is no administrator names the policy that is missing', async () => {
    const { folder } = writePlan([moveOf('m1', await server('plain'), target)]);

    const { code, stdout, stderr } = await planner(folder, ...run.with(3, 'lab-member'));

    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain('os_compute_api:');
    expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /);
  });
});

const Said = z.record(z.string(), z.object({ message: z.string() }));

/** The code of what an answer says. */
function understood({ status, body }: { readonly status: number; readonly body: unknown }): string {
  const [said] = Object.values(Said.parse(body));
  const text = said?.message ?? '';
  return meaningOfAnswer(text, status, { server: 'calm' })?.code ?? `${status} ${text}`;
}

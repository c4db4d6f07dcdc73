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
import { act, type ApiServer, settled, showServer } from './support/server-action.ts';
import { waitFor } from './support/wait.ts';

type Given = NonNullable<Parameters<typeof move>[4]>;

const free = 'first next last second alone plain stopped broken busy gone'.split(' ');
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

  /** MiB that Placement still gives away on a host. */
  async function freeMemory(host: string): Promise<number> {
    const Providers = z.object({ resource_providers: z.array(z.object({ uuid: z.string() })) });
    const found = await lab.admin.read('placement', `/resource_providers?name=${host}`, Providers);
    const path = `/resource_providers/${found.resource_providers[0]?.uuid ?? ''}`;
    const Memory = z.object({ total: z.number(), reserved: z.number(), allocation_ratio: z.number() });
    const Inventories = z.object({ inventories: z.object({ MEMORY_MB: Memory }) });
    const Usages = z.object({ usages: z.object({ MEMORY_MB: z.number() }) });
    const {
      total,
      reserved,
      allocation_ratio: ratio,
    } = (await lab.admin.read('placement', `${path}/inventories`, Inventories)).inventories.MEMORY_MB;
    const { usages } = await lab.admin.read('placement', `${path}/usages`, Usages);
    return (total - reserved) * ratio - usages.MEMORY_MB;
  }

  /** What a host is, read again by its service within seconds. */
  function reshape(host: string, given: Readonly<Record<string, unknown>>): () => void {
    const file = runFile('hosts', `${host}.json`);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...z.looseObject({}).parse(JSON.parse(before)), ...given }));
    return () => {
      writeFileSync(file, before);
    };
  }

  let restore: () => void;

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
    restore = reshape(older, { cpu: { model: 'Nehalem', features: [] } });
    if ((await freeMemory(source)) < (await freeMemory(target))) [source, target] = [target, source];
    // One of them fits on the target, another one does not.
    const room = Math.floor((await freeMemory(target)) / 2) + 1024;
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
  });

  afterAll(async () => {
    restore();
    await lab.enableHosts();
    await Promise.all(names.filter((name) => name !== 'gone').map((name) => lab.remove(name)));
    await lab.admin.change('compute', 'DELETE', '/flavors/large');
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

  /**
   * Carries out a plan with these steps, which begin when a slow one has ended: what makes Nova refuse them is done in
   * between, behind the back of the run. The slow one frees nothing on the target, for which the run would wait.
   */
  async function refusedIn(
    slow: string,
    wanted: readonly Wanted[],
    meanwhile: (folder: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<StatusSeen> {
    const first = await server(slow);
    await lab.behave(slow, { 'lab.live.seconds': '4' });
    const steps: Step[] = [moveOf('m1', first, target)];
    for (const [index, { server: name, to = target, given }] of wanted.entries())
      steps.push(moveOf(`m${index + 2}`, await server(name), to, { ...given, ...after('m1') }));
    const { folder, plan } = writePlan(steps);
    const ended = plannerEnd(startPlanner(folder, ...run, ...goOn));
    const early = ended.then(({ stdout, stderr }) => {
      throw new Error(`the run has ended before its first copy: ${stdout}${stderr}`);
    });
    await Promise.race([migrationIs(lab.admin, first.id, 'running'), early]);
    await meanwhile(folder);
    const { stderr } = await ended;
    const status = await statusIn(folder);
    expect(outcomes(status), stderr).toEqual({
      m1: 'done',
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
    const status = await refusedIn(
      'first',
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
      async (folder) => {
        const [stopped, broken, busy] = await Promise.all(['stopped', 'broken', 'busy'].map(server));
        await lab.behave('busy', { 'lab.live.stall': 'yes' });
        await act(lab.admin, busy?.id ?? '', { 'os-migrateLive': { host: target, block_migration: 'auto' } });
        await Promise.all([
          act(lab.admin, stopped?.id ?? '', { 'os-stop': null }),
          act(lab.admin, broken?.id ?? '', { 'os-resetState': { state: 'error' } }),
          lab.remove('gone'),
          service(older, { forced_down: true }),
        ]);
        // The run finds it busy, and asks again when that is over.
        const { id } = await migrationIs(lab.admin, busy?.id ?? '', 'running', 'queued');
        await lab.forget('busy');
        await waitFor({ what: 'the run to find it busy' }, () =>
          readFileSync(join(folder, 'plan.journal.jsonl'), 'utf8').includes('"step-retry"'),
        );
        await lab.admin.change('compute', 'DELETE', `/servers/${busy?.id ?? ''}/migrations/${id}`);
      },
    );
    expect(status.steps.at(-1)?.text).toBe('gone was deleted');
  });

  it('of a forced one, and one that goes to a disabled host all the same', async () => {
    const forced = { forced: true, microversion: '2.67' };
    await refusedIn('next', [
      { server: 'alone', to: closed, given: forced, ends: 'done' },
      { server: 'second', to: older, ends: 'failed: cpu-not-compatible' },
      { server: 'large-1', given: forced, ends: 'failed: memory-forced' },
      { server: 'apart-1', given: forced, ends: 'failed: live-error-at-source' },
    ]);
    await act(lab.admin, (await server('apart-1')).id, { 'os-resetState': { state: 'active' } });
  });

  it('of a cold one, and one whose host Nova ignores', async () => {
    const cold = { kind: 'cold' } as const;
    await refusedIn(
      'last',
      [
        { server: 'large-1', given: cold, ends: 'failed: no-room-cold' },
        { server: 'apart-1', given: cold, ends: 'failed: no-room-cold' },
        { server: 'second', to: closed, given: cold, ends: 'failed: no-room-cold' },
        { server: 'far', given: cold, ends: 'failed: service-down' },
      ],
      () => service(older, { forced_down: true }),
    );
  });

  it('that Nova gives at once is understood', async () => {
    const { id } = await server('second');
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
    const { id } = await server('second');
    const request = { 'os-migrateLive': { host: target, block_migration: 'auto' } };
    await lab.behave('second', { 'lab.live.seconds': '1.5' });
    await act(lab.admin, id, request);

    expect(understood(await act(lab.admin, id, request))).toBe('busy');

    const { id: migration } = await migrationIs(lab.admin, id, 'completed');
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
  return meaningOfAnswer(text, status, { server: 'second' })?.code ?? `${status} ${text}`;
}

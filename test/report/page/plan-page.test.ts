import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { historyOf } from '../../../src/plan/history/replay-history.ts';
import { linkLoads } from '../../../src/plan/link-load.ts';
import type { PageData } from '../../../src/report/page/page-data.ts';
import { planPage } from '../../../src/report/page/plan-page.ts';
import { aCloud, aContext, aGroup, aHost, aServer, hostId, serverId } from '../../support/builders.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from '../sample-plan.ts';

const web = { server: serverId('s-web-1'), serverName: 'web-1' };
const cloud = aCloud({
  hosts: [
    aHost('h1', { rack: 'r1' }),
    aHost('h2', { service: { status: 'enabled', state: 'down', forcedDown: false } }),
  ],
  servers: [aServer('a', 'h1', { name: 'db' }), aServer('s-web-1', 'h1', { name: 'web-1', locked: true })],
  groups: [aGroup(['s-web-1'], { name: 'web' })],
});

const pageOf = (plan: Plan, digest = plan.basedOn.inventoryDigest): PageData =>
  planPage({
    plan,
    planFile: 'my plan.json',
    shut: [{ from: 10, to: 20 }],
    frozen: [{ of: 'tag:db\u202e', from: 0, to: 5 }],
    cloud: {
      cloud,
      inventoryDigest: digest,
      history: historyOf(plan.steps, aContext(cloud)),
      links: linkLoads(plan.steps, cloud),
      balance: [
        {
          resource: 'VCPU',
          before: { highest: 82.04, lowest: 0, mean: 40 },
          after: { highest: 61, lowest: 20, mean: 40 },
        },
      ],
    },
  });

/** Labels and words of a step's facts. */
const factsOf = ({ steps, texts }: PageData, at: number): Readonly<Record<string, string>> => {
  const facts = (steps[at]?.facts ?? []).map((index) => texts[index] ?? '');
  return Object.fromEntries(
    facts.flatMap((label, index) => (index % 2 === 0 ? [[label, facts[index + 1] ?? '']] : [])),
  );
};

describe('the page of a plan', () => {
  const steps = [
    aServiceStep(),
    aMigration({
      ...web,
      kind: 'cold',
      requestAfter: ['d1'],
      dependsOn: [{ step: 'd1', reason: 'h1 is disabled first' }],
      undo: { kind: 'possible', how: 'revert it', until: 's2 confirms it', untilStep: 's2', needs: ['time'] },
    }),
    aConfirm(),
  ];

  it('begins with what an approver asks first', () => {
    const { title, plan, headline } = pageOf(aPlan(steps));

    expect(title).toBe('Consolidate: 1 host freed by 1 move');
    expect(plan).toMatch(/^[0-9a-f]{12}$/);
    expect(headline.map(([label]) => label)).toEqual([
      'hosts freed',
      'moves',
      'copies',
      'time',
      'result',
      'violations',
      'warnings',
      'assumptions',
      'load of VCPU',
      'shut down',
      'plan',
    ]);
    expect(Object.fromEntries(headline)).toMatchObject({
      'load of VCPU': 'highest 82 % → 61 %, lowest 0 % → 20 %, all hosts 40 % → 40 %',
      'shut down': '1 server: web-1',
    });
  });

  it('names servers, hosts and steps by where they stand', () => {
    const page = pageOf(aPlan(steps));

    expect(page.hosts.map(({ name, status }) => [name, status])).toEqual([
      ['h1', 'enabled'],
      ['h2', 'down'],
    ]);
    expect(page.servers.map(({ name, id, before, after }) => [name, id, before, after])).toEqual([
      ['db', 'a', 0, 0],
      ['web-1', 's-web-1', 0, 1],
    ]);
    const [disable, cold, confirm] = page.steps;
    expect(disable).toMatchObject({ kind: 'disable-service', from: 0 });
    expect(disable).not.toHaveProperty('noWayBackFrom');
    expect(cold).toMatchObject({ server: 1, from: 0, to: 1, noWayBackFrom: 2, downtimeMs: 300 });
    expect(cold?.waitsFor.map(({ step, until, why = -1 }) => [step, until, page.texts[why]])).toEqual([
      [0, 'ended', 'h1 is disabled first'],
      [0, 'requested', undefined],
    ]);
    expect(confirm).toMatchObject({ server: 1, noWayBackFrom: -1 });
    expect(page.texts[cold?.reason ?? -1]).toBe('frees h1');
  });

  it('tells of a step, a server and a host what there is to know', () => {
    const page = pageOf(aPlan(steps));

    expect(factsOf(page, 1)).toEqual({
      copies: '8 GiB, shared storage',
      takes: '60 s (20 s to 3 min)',
      'down for': '300 ms',
      'NUMA cells there': 'cell 1 (4 pinned CPUs, pages of 1048576 KiB)',
      'needs free there': '4 VCPU',
      needs: 'status ACTIVE; h2 enabled and up',
      'way back': 'revert it, until s2 confirms it',
      'which needs': 'time',
      microversion: '2.56',
    });
    expect(page.servers[1]?.facts).toEqual([
      ['flavor', 'f2c4g: 2 vCPUs, 4 GiB'],
      ['status', 'ACTIVE'],
      ['server group', 'web (anti-affinity)'],
      ['local disks', '10 GiB'],
      ['locked', 'yes'],
    ]);
    expect(page.hosts[0]?.facts).toEqual([
      ['after the plan', 'empty'],
      ['rack', 'r1'],
      ['CPU model', 'Skylake-Server'],
      ['hypervisor', 'QEMU 7.2.0'],
      ['migration network', 'eth0 10 Gbit/s'],
    ]);
  });

  it('draws links, closed times and the map by the timetable', () => {
    const page = pageOf(aPlan([aMigration(web)]));

    expect(page.timetable.shut).toEqual([[10, 20]]);
    expect(page.timetable.frozen).toEqual([{ of: 'tag:db\\u{202e}', fromSeconds: 0, toSeconds: 5 }]);
    expect(page.cloud?.hosts.map(({ servers }) => servers)).toEqual([[0, 1], []]);
    expect(page.cloud?.events.map(({ atSeconds, step, what }) => [atSeconds, step, what])).toEqual([
      [0, 0, 'requested'],
      [60, 0, 'ended'],
    ]);
    const vcpu = page.cloud?.hosts[1]?.cells[0]?.meters[1] ?? -1;
    expect(page.cloud?.events[0]?.changes.slice(0, 2)).toEqual([vcpu, 2]);
    expect(page).not.toHaveProperty('noCloud');
  });

  it('says what to do when a step fails, as far as the plan has such steps', () => {
    const cold = pageOf(aPlan(steps)).whenItFails.join('\n');
    const live = pageOf(aPlan([aMigration(web)])).whenItFails.join('\n');

    expect(cold).toContain("`planner status 'my plan.json'` says what failed");
    expect(cold).toContain('`openstack server migrate revert -- SERVER`');
    expect(cold).toContain(
      'No way back: a confirmed cold migration can only be followed by another one (s2).',
    );
    expect(live).not.toContain('revert');
    expect(pageOf(aPlan([])).whenItFails).toEqual([]);
  });

  it('warns first of an inventory that the plan was not made from', () => {
    const other = aPlan([aMigration({ ...web, from: hostId('h2'), to: hostId('h1') })]);

    const [first] = pageOf(other, 'beef'.repeat(16)).warnings;

    expect(first?.text).toBe(
      'the map is of another inventory (beefbeefbeef) than the plan was made from (51c051c051c0, cloud as of 2026-02-14T22:00:00Z): what it shows may differ from what the plan says; 1 step cannot be shown on it, as servers or hosts are not where the plan expects them: s1',
    );
    expect(pageOf(aPlan([aMigration(web)])).warnings).toEqual([]);
  });

  it('has no map without an inventory, and says how to get one', () => {
    const page = planPage({ plan: aPlan(steps), planFile: 'plan.json', shut: [], frozen: [] });

    expect(page).not.toHaveProperty('cloud');
    expect(page.noCloud).toContain('`planner report plan.json --inventory FILE`');
    expect(page.hosts.map(({ name }) => name)).toEqual(['h1', 'h2']);
    expect(page.servers).toEqual([{ name: 'web-1', id: 's-web-1', before: 0, after: 1, facts: [] }]);
  });
});

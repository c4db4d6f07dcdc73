import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import { planScript } from '../../src/report/plan-script.ts';
import { cloudOf, type FakeCloud, folder, runScript } from './run-script.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

const liveThenCold = aPlan([
  aServiceStep(),
  aMigration({ dependsOn: [{ step: 'd1', reason: 'h1 is disabled before it is emptied' }] }),
  aMigration({ id: 's2', kind: 'cold', server: serverId('s-db-1'), serverName: 'db-1', wave: 2 }),
  aConfirm({ id: 's3', of: 's2', server: serverId('s-db-1'), serverName: 'db-1', wave: 2 }),
]);
const bothOnH1 = () =>
  cloudOf({ 's-web-1': { status: 'ACTIVE', host: 'h1' }, 's-db-1': { status: 'ACTIVE', host: 'h1' } });

describe('a script on a cloud as planned', () => {
  it('disables, migrates, waits, compares the host and confirms', () => {
    const { status, stderr, stdout, requests, cloud } = runScript(liveThenCold, bothOnH1());

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(requests).toEqual([
      [
        '2.53',
        'compute',
        'service',
        'set',
        '--disable',
        `--disable-reason=planner plan ${liveThenCold.id}: emptied by consolidate`,
        '--',
        'h1',
        'nova-compute',
      ],
      ['2.68', 'server', 'migrate', '--live-migration', '--host=h2', '--', 's-web-1'],
      ['2.56', 'server', 'migrate', '--host=h2', '--', 's-db-1'],
      ['2.56', 'server', 'migrate', 'confirm', '--', 's-db-1'],
    ]);
    expect(cloud.servers['s-web-1']).toMatchObject({ host: 'h2', status: 'ACTIVE' });
    expect(cloud.servers['s-db-1']).toMatchObject({ host: 'h2', status: 'ACTIVE' });
    expect(cloud.services['h1']).toMatchObject({ status: 'disabled' });
    expect(stdout).toContain(`plan ${liveThenCold.id} is done`);
  });

  it('requests nothing when it is run again', () => {
    const first = runScript(liveThenCold, bothOnH1());

    const second = runScript(liveThenCold, first.cloud);

    expect(second.status).toBe(0);
    expect(second.requests).toEqual([]);
    expect(second.cloud).toEqual(first.cloud);
  });

  it('enables again what it disabled', () => {
    const plan = aPlan([
      aServiceStep(),
      aServiceStep({ id: 'e1', kind: 'enable-service', reason: 'h1 stays as a spare' }),
    ]);

    const { status, cloud } = runScript(plan, cloudOf({}));

    expect(status).toBe(0);
    expect(cloud.services['h1']).toEqual({ status: 'enabled', state: 'up', reason: null });
  });

  it('does not enable a host that somebody disabled for another reason since', () => {
    const plan = aPlan([aServiceStep(), aServiceStep({ id: 'e1', kind: 'enable-service' })]);
    const cloud = cloudOf({});
    cloud.services['h1'] = { status: 'disabled', state: 'up', reason: 'OPS-7: broken fan' };

    const { status, stderr } = runScript(plan, cloud);

    expect(status).toBe(1);
    expect(stderr).toContain(
      'stopped at step e1: h1 is disabled for another reason by now: OPS-7:\\ broken\\ fan',
    );
  });

  it('stops and starts a server, and does not stop it again once it has moved', () => {
    const base = { server: serverId('s-web-1'), serverName: 'web-1', guards: [] };
    const { requestAfter, dependsOn, wave, microversion, reason, undo } = aMigration();
    const shared = {
      ...base,
      startSeconds: 0,
      endSeconds: 30,
      requestAfter,
      dependsOn,
      wave,
      microversion,
      reason,
      undo,
    };
    const plan = aPlan([
      { ...shared, kind: 'stop', id: 's1' },
      aMigration({
        id: 's2',
        kind: 'cold',
        guards: [{ kind: 'server-status', server: base.server, status: 'SHUTOFF' }],
      }),
      aConfirm({ id: 's3', of: 's2' }),
      { ...shared, kind: 'start', id: 's4' },
    ]);

    const first = runScript(plan, cloudOf({ 's-web-1': { status: 'ACTIVE', host: 'h1' } }));
    const second = runScript(plan, first.cloud);

    expect(first.stderr).toBe('');
    expect(first.cloud.servers['s-web-1']).toMatchObject({ status: 'ACTIVE', host: 'h2' });
    expect(second.status).toBe(0);
    expect(second.requests).toEqual([]);
  });
});

describe('a script that fills an empty host', () => {
  const guard = (...servers: readonly string[]) => ({
    guards: [{ kind: 'runs-only' as const, host: hostId('h2'), servers: servers.map(serverId) }],
  });
  const batch = aPlan([
    aMigration(guard()),
    aMigration({ id: 's2', server: serverId('s-db-1'), serverName: 'db-1', ...guard('s-web-1') }),
  ]);

  it('lets the batch in, one after the other', () => {
    const { status, cloud } = runScript(batch, bothOnH1());

    expect(status).toBe(0);
    expect(cloud.servers['s-db-1']).toMatchObject({ host: 'h2' });
    expect(runScript(batch, cloud).requests).toEqual([]);
  });

  it('stops where somebody else has come', () => {
    const cloud = cloudOf({
      's-web-1': { status: 'ACTIVE', host: 'h2' },
      's-db-1': { status: 'ACTIVE', host: 'h1' },
      's-new': { status: 'ACTIVE', host: 'h2' },
    });

    const { status, stderr, requests } = runScript(batch, cloud);

    expect(status).toBe(1);
    expect(requests).toEqual([]);
    expect(stderr).toContain(
      'stopped at step s2: server s-new is on h2, which is to run nothing but servers of this batch',
    );
  });
});

describe('a script that is run again', () => {
  const throughH3 = aPlan([
    aMigration({ to: hostId('h3'), stopOver: true }),
    aMigration({ id: 's2', from: hostId('h3'), to: hostId('h2') }),
  ]);

  it.each([
    ['the source', 'h1', 2],
    ['the stop-over', 'h3', 1],
    ['the destination', 'h2', 0],
  ])('goes on from %s of a move with a stop-over', (_, host, expected) => {
    const { status, requests, cloud } = runScript(
      throughH3,
      cloudOf({ 's-web-1': { status: 'ACTIVE', host } }),
    );

    expect(status).toBe(0);
    expect(requests).toHaveLength(expected);
    expect(cloud.servers['s-web-1']).toMatchObject({ host: 'h2' });
  });

  it('waits for a migration that is still on its way', () => {
    const onItsWay = {
      status: 'MIGRATING',
      task: 'migrating',
      host: 'h1',
      then: [{}, { status: 'ACTIVE', task: null, host: 'h2' }],
    };

    const { status, requests } = runScript(aPlan([aMigration()]), cloudOf({ 's-web-1': onItsWay }));

    expect(status).toBe(0);
    expect(requests).toEqual([]);
  });

  it('confirms a cold migration that was finished but not confirmed', () => {
    const plan = aPlan([aMigration({ kind: 'cold' }), aConfirm()]);
    const finished = {
      status: 'VERIFY_RESIZE',
      host: 'h2',
      migrations: [{ status: 'finished', type: 'cold-migration', to: 'h2' }],
    };

    const { status, requests } = runScript(plan, cloudOf({ 's-web-1': finished }));

    expect(status).toBe(0);
    expect(requests).toEqual([['2.56', 'server', 'migrate', 'confirm', '--', 's-web-1']]);
  });
});

describe('a script stops', () => {
  it('when a live migration failed, although the server is ACTIVE', () => {
    const cloud: FakeCloud = { ...bothOnH1(), outcomes: { 's-web-1': 'fails' } };

    const { status, stderr, requests } = runScript(liveThenCold, cloud);

    expect(status).toBe(1);
    expect(stderr).toContain('stopped at step s1: server web-1 is on h1 and not on h2: the migration failed');
    expect(requests).toHaveLength(2);
  });

  it('when the server is neither at the source nor at the destination', () => {
    const { status, stderr, requests } = runScript(
      aPlan([aMigration()]),
      cloudOf({ 's-web-1': { status: 'ACTIVE', host: 'h9' } }),
    );

    expect(status).toBe(1);
    expect(stderr).toContain('server web-1 is on h9, neither on h1 nor on h2');
    expect(requests).toEqual([]);
  });

  it('when the server is not in the status of the plan', () => {
    const { status, stderr, requests } = runScript(
      aPlan([aMigration()]),
      cloudOf({ 's-web-1': { status: 'PAUSED', host: 'h1' } }),
    );

    expect(status).toBe(1);
    expect(stderr).toContain('server web-1 is PAUSED, not ACTIVE as planned');
    expect(requests).toEqual([]);
  });

  it('when the destination is no longer enabled', () => {
    const cloud = cloudOf({ 's-web-1': { status: 'ACTIVE', host: 'h1' } });
    cloud.services['h2'] = { status: 'disabled', state: 'up' };

    const { status, stderr, requests } = runScript(aPlan([aMigration()]), cloud);

    expect(status).toBe(1);
    expect(stderr).toContain('nova-compute on h2 is disabled\\ up, not enabled up as planned');
    expect(requests).toEqual([]);
  });

  it('when Nova refuses, or the server ends in ERROR', () => {
    const refused = runScript(aPlan([aMigration()]), { ...bothOnH1(), outcomes: { 's-web-1': 'refused' } });
    const broken = runScript(aPlan([aMigration()]), { ...bothOnH1(), outcomes: { 's-web-1': 'error' } });

    expect(refused.stderr).toContain('Nova did not accept the request for server web-1');
    expect(broken.stderr).toContain('server web-1 is in ERROR');
    expect([refused.status, broken.status]).toEqual([1, 1]);
  });

  it('before it confirms a resize that somebody else asked for', () => {
    const plan = aPlan([aMigration({ kind: 'cold' }), aConfirm()]);
    const resized = {
      status: 'VERIFY_RESIZE',
      host: 'h2',
      migrations: [{ status: 'finished', type: 'resize', to: 'h2' }],
    };

    const { status, stderr, requests } = runScript(plan, cloudOf({ 's-web-1': resized }));

    expect(status).toBe(1);
    expect(stderr).toContain(
      'stopped at step s2: server web-1 waits for a confirmation, but not of the migration to h2',
    );
    expect(requests).toEqual([]);
  });

  it('when a step takes longer than its limit', () => {
    const stuck = { status: 'MIGRATING', task: 'migrating', host: 'h1' };

    const { status, stderr } = runScript(aPlan([aMigration()]), cloudOf({ 's-web-1': stuck }), {
      PLANNER_WAIT_SECONDS: '0',
    });

    expect(status).toBe(1);
    expect(stderr).toContain('server web-1 is still MIGRATING after 0 s');
  });

  it('when an evacuated host is not known to be off', () => {
    const { status, stderr, requests } = runScript(
      aPlan([aMigration({ kind: 'evacuate' })]),
      cloudOf({ 's-web-1': { status: 'ACTIVE', host: 'h1' } }),
    );

    expect(status).toBe(1);
    expect(stderr).toContain('make sure that h1 is powered off');
    expect(requests).toEqual([]);
  });

  it('where the client cannot do what the plan says', () => {
    const { status, stderr } = runScript(aPlan([aMigration({ forced: true })]), bothOnH1());

    expect(status).toBe(1);
    expect(stderr).toContain('stopped at step s1: the client cannot force a server to a host');
  });
});

describe('hostile names', () => {
  const nasty = (mark: string): string =>
    `$(touch ${mark}1)\`touch ${mark}2\`'; touch ${mark}3; '"\n touch ${mark}4 #\u001B[31m\\`;

  it('reach the client as they are, and nothing else happens', () => {
    const [server, from, to] = [nasty('s'), nasty('f'), nasty('t')];
    const plan = aPlan([
      aServiceStep({ host: hostId(from), disabledReason: nasty('r'), reason: nasty('w') }),
      aMigration({
        server: serverId(server),
        serverName: nasty('n'),
        from: hostId(from),
        to: hostId(to),
        reason: nasty('m'),
      }),
      aMigration({
        id: 's2',
        kind: 'cold',
        server: serverId('--help'),
        serverName: '',
        from: hostId(from),
        to: hostId(to),
      }),
      aConfirm({ id: 's3', of: 's2', server: serverId('--help'), serverName: '' }),
    ]);
    const servers = {
      [server]: { status: 'ACTIVE', host: from },
      '--help': { status: 'ACTIVE', host: from },
    };

    const { status, stderr, stdout, requests, cloud } = runScript(plan, cloudOf(servers, [from, to]));

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(requests.map((words) => words.slice(-2))).toEqual([
      [from, 'nova-compute'],
      ['--', server],
      ['--', '--help'],
      ['--', '--help'],
    ]);
    expect(cloud.servers[server]?.host).toBe(to);
    expect(stdout).not.toContain('\u001B');
    for (const mark of ['s', 'f', 't', 'n', 'm', 'r', 'w']) {
      for (const n of [1, 2, 3, 4]) expect(existsSync(join(folder, `${mark}${n}`))).toBe(false);
    }
  });

  it('stay on one line in comments and messages', () => {
    const script = planScript(aPlan([aMigration({ reason: 'frees\nrm -rf /' })]));

    expect(script).toContain('# s1: frees\\nrm -rf /\n');
  });
});

it('ends well when there is nothing to do', () => {
  const { status, calls } = runScript(aPlan([]), cloudOf({}));

  expect(status).toBe(0);
  expect(calls).toEqual([]);
});

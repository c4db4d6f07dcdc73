import { describe, expect, it } from 'vitest';
import type { Disruption } from '../../src/constraints/context.ts';
import { rules } from '../../src/constraints/registry.ts';
import { selectionRule } from '../../src/constraints/rules/selection.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Step } from '../../src/plan/plan.ts';
import { undoOfSteps } from '../../src/plan/undo.ts';
import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import {
  aCell,
  aCloud,
  aContext,
  aGroup,
  aHost,
  aServer,
  hostId,
  serverId,
  shippedProfile,
} from '../support/builders.ts';
import { after, move, planOf, told, verify } from './small-plan.ts';

const undosOf = (
  cloud: Cloud,
  steps: readonly Step[],
  { allow = [], profile = 'zed' }: { allow?: readonly Disruption[]; profile?: string } = {},
) => undoOfSteps(steps, aContext(cloud, { allow, profile: shippedProfile(profile) }), rules);

/** An old host and a new one, whose CPU has a feature more. */
const oldAndNew = [
  aHost('old'),
  aHost('new', {
    cpu: { arch: 'x86_64', model: 'Skylake-Server', vendor: 'Intel', features: new Set(['avx', 'avx512f']) },
  }),
];
const table = {
  models: new Map([['Skylake-Server', { features: new Set<string>() }]]),
  features: new Set(['avx', 'avx512f']),
};

describe('the way back of a live migration', () => {
  it('says what it takes, and stays open where nothing of the plan closes it', () => {
    const cloud = aCloud({ servers: [aServer('a', 'h1')] });

    expect(undosOf(cloud, [move('m1', 'a', 'h1', 'h2')]).get('m1')).toEqual({
      kind: 'possible',
      how: 'live-migrate it back to h1',
      until: 'others take what it needs on h1',
      needs: [
        '10 GiB of disk on h1',
        '4096 MiB of memory on h1',
        '2 VCPU on h1',
        'the CPU features of h2 on h1',
      ],
    });
  });

  it('asks for pins, pages and a group as they are', () => {
    const pinned = { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '1048576' };
    const cells = [aCell(0, { memoryMiB: 65536, bigPages: 32 })];
    const hosts = ['h1', 'h2'].map((name) => aHost(name, { vcpu: 0, pcpu: 8, cells }));
    const servers = [aServer('a', 'h1', { extraSpecs: pinned })];
    const cloud = aCloud({ hosts, servers, groups: [aGroup(['a'])] });

    expect(undosOf(cloud, [move('m1', 'a', 'h1', 'h2')]).get('m1')).toMatchObject({
      needs: [
        '10 GiB of disk on h1',
        '4096 MiB of memory on h1',
        '2 PCPU on h1',
        '2 CPUs to pin on h1',
        '4096 MiB in pages of 1048576 KiB on h1',
        'the CPU features of h2 on h1',
        'at most 0 other members of its group g1 on h1',
      ],
    });
  });

  it('needs the service of a host that the plan disables, though the run itself closes that host', () => {
    const cloud = aCloud({ servers: [aServer('a', 'h1')] });
    const drained = selectionRule({
      staying: new Map(),
      closed: new Map([[hostId('h1'), 'is being drained']]),
    });

    const undos = undoOfSteps(
      [aServiceStep({ id: 'd1', host: hostId('h1') }), move('m1', 'a', 'h1', 'h2')],
      aContext(cloud),
      [...rules, drained],
    );

    expect(undos.get('d1')).toEqual({
      kind: 'possible',
      how: 'enable nova-compute on h1',
      until: 'any time',
      needs: [],
    });
    expect(undos.get('m1')).toMatchObject({
      how: 'live-migrate it back to h1',
      needs: [
        '10 GiB of disk on h1',
        '4096 MiB of memory on h1',
        '2 VCPU on h1',
        'nova-compute on h1 enabled',
        'the CPU features of h2 on h1',
      ],
    });
  });

  it('is closed by the step that takes its room, not by one that leaves enough', () => {
    const hosts = [aHost('h1', { memoryMiB: 16384 }), aHost('h2'), aHost('h3')];
    const servers = [
      aServer('a', 'h1', { memoryGiB: 8 }),
      aServer('small', 'h3', { memoryGiB: 4 }),
      aServer('big', 'h3', { memoryGiB: 8 }),
    ];

    const undos = undosOf(aCloud({ hosts, servers }), [
      move('m1', 'a', 'h1', 'h2'),
      move('m2', 'small', 'h3', 'h1'),
      move('m3', 'big', 'h3', 'h1'),
    ]);

    expect(undos.get('m1')).toMatchObject({
      untilStep: 'm3',
      until: 'm3 brings big to h1 (host h1: 20480 of 16384 MEMORY_MB)',
    });
    expect(undos.get('m2')).toMatchObject({ until: 'others take what it needs on h3' });
  });

  it('is closed by a member of its group that comes to its old host', () => {
    const hosts = [aHost('h1'), aHost('h2'), aHost('h3')];
    const cloud = aCloud({
      hosts,
      servers: [aServer('a', 'h1'), aServer('b', 'h3')],
      groups: [aGroup(['a', 'b'])],
    });

    const undos = undosOf(cloud, [move('m1', 'a', 'h1', 'h2'), move('m2', 'b', 'h3', 'h1', after('m1'))]);

    expect(undos.get('m1')).toMatchObject({ untilStep: 'm2' });
  });

  it('of a stop-over ends where the server is moved on', () => {
    const cloud = aCloud({ hosts: [aHost('h1'), aHost('h2'), aHost('h3')], servers: [aServer('a', 'h1')] });

    const undos = undosOf(cloud, [
      move('m1', 'a', 'h1', 'h3', { stopOver: true }),
      move('m2', 'a', 'h3', 'h2', after('m1')),
    ]);

    expect(undos.get('m1')).toMatchObject({ until: 'm2 moves it on to h2', untilStep: 'm2' });
    expect(undos.get('m2')).toMatchObject({ how: 'live-migrate it back to h3' });
  });

  it('is none from a newer CPU, which is a point of no return', () => {
    const cloud = aCloud({ hosts: oldAndNew, servers: [aServer('a', 'old')] });
    const context = aContext(cloud, { cpuTable: table });

    expect(undoOfSteps([move('m1', 'a', 'old', 'new')], context, rules).get('m1')).toEqual({
      kind: 'none',
      because: 'no way back to old: host old: CPU features missing: avx512f',
    });
  });

  it('is a cold one from a newer CPU where cold ones are allowed', () => {
    const cloud = aCloud({ hosts: oldAndNew, servers: [aServer('a', 'old')] });
    const context = aContext(cloud, { cpuTable: table, allow: ['cold'] });

    expect(undoOfSteps([move('m1', 'a', 'old', 'new')], context, rules).get('m1')).toMatchObject({
      how: 'cold-migrate it back to old',
      needs: [
        '10 GiB of disk on old',
        '4096 MiB of memory on old',
        '2 VCPU on old',
        'time in which it is shut down',
      ],
    });
  });

  it('of a server that knows its own CPU model is open: its host is not asked for', () => {
    const cpu = { model: 'Skylake-Server', features: [{ name: 'avx', policy: 'require' }] } as const;
    const cloud = aCloud({ hosts: oldAndNew, servers: [aServer('a', 'old', { cpu })] });
    const context = aContext(cloud, { cpuTable: table });

    expect(undoOfSteps([move('m1', 'a', 'old', 'new')], context, rules).get('m1')).toMatchObject({
      needs: [
        '10 GiB of disk on old',
        '4096 MiB of memory on old',
        '2 VCPU on old',
        'the CPU features of its CPU model Skylake-Server on old',
      ],
    });
  });
});

describe('other steps', () => {
  const cold = [
    move('m1', 'a', 'h1', 'h2', { kind: 'cold' }),
    aConfirm({ id: 'c1', of: 'm1', server: serverId('a') }),
  ];

  it('revert a cold migration until its confirm, which is a point of no return', () => {
    const undos = undosOf(aCloud({ servers: [aServer('a', 'h1')] }), cold, { allow: ['cold'] });

    expect(undos.get('m1')).toEqual({
      kind: 'possible',
      how: 'revert the cold migration',
      until: 'c1 confirms it',
      untilStep: 'c1',
      needs: ['status VERIFY_RESIZE', 'nova-compute on h1 up'],
    });
    expect(undos.get('c1')).toEqual({
      kind: 'none',
      because: 'a confirmed cold migration cannot be reverted, only followed by another one',
    });
  });

  it('never take an evacuate back', () => {
    const down = { status: 'enabled', state: 'down', forcedDown: true } as const;
    const cloud = aCloud({
      hosts: [aHost('h1', { service: down }), aHost('h2')],
      servers: [aServer('a', 'h1')],
    });

    expect(undosOf(cloud, [move('m1', 'a', 'h1', 'h2', { kind: 'evacuate' })]).get('m1')).toEqual({
      kind: 'none',
      because: 'an evacuated server has been rebuilt',
    });
  });
});

describe('the check of a plan', () => {
  const cloud = aCloud({
    hosts: [aHost('h1', { memoryMiB: 4096 }), aHost('h2'), aHost('h3')],
    servers: [aServer('a', 'h1'), aServer('b', 'h3')],
  });
  const steps = [move('m1', 'a', 'h1', 'h2'), move('m2', 'b', 'h3', 'h1', after('m1'))] as const;
  const found = (given: readonly Step[], over: Partial<Cloud> = {}) =>
    told(verify(planOf(given), aContext({ ...cloud, ...over })), 'undo-differs');

  it('finds a way back that a later step closes', () => {
    expect(found(steps)).toEqual(['m1: the plan says a way back, replaying gives a way back until m2']);
    const until = { kind: 'possible', how: '', until: '', untilStep: 'm2', needs: [] } as const;
    expect(found([{ ...steps[0], undo: until }, steps[1]])).toEqual([]);
  });

  it('finds a way back that is said to be none', () => {
    const [, second] = steps;

    expect(found([{ ...second, undo: { kind: 'none', because: 'no' }, to: hostId('h2') }])).toEqual([
      'm2: the plan says no way back, replaying gives a way back',
    ]);
  });
});

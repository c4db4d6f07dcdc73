import { describe, expect, it } from 'vitest';
import { headroom } from '../../src/constraints/rules/headroom.ts';
import { hostId, serverId, storagePoolId } from '../../src/model/ids.ts';
import type { Server } from '../../src/model/server.ts';
import type { Goal } from '../../src/objective/goal.ts';
import type { MigrationStep, Plan } from '../../src/plan/plan.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import { rules } from '../../src/constraints/registry.ts';
import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import { aCell, aCloud, aContext, aFlavor, aHost, aServer } from '../support/builders.ts';
import { omit } from '../../src/shared/omit.ts';
import { after, foreseen, goal, move, planOf, told, verify } from './small-plan.ts';

const service = { status: 'enabled', state: 'up', forcedDown: false } as const;

/** `a` on h1 and `b` on h2. */
const context = aContext(aCloud({ servers: [aServer('a', 'h1'), aServer('b', 'h2')] }), { allow: ['cold'] });
const having = (a: Partial<Server>) =>
  aContext(aCloud({ servers: [aServer('a', 'h1', a), aServer('b', 'h2')] }), { allow: ['cold'] });

/** Empties h1 by moving `a` to h2, and is as good as can be: 100 for h2, 1 for the move, 4 + 10 for its GiB. */
const steps = foreseen(
  [aServiceStep({ id: 'd1', host: hostId('h1') }), move('m1', 'a', 'h1', 'h2', after('d1'))],
  context.cloud,
);
const [, { endSeconds } = { endSeconds: 0 }] = steps;
const objective = {
  before: 200,
  after: 115,
  terms: [
    { kind: 'hosts-used', before: 200, after: 100 },
    { kind: 'migration-cost', before: 0, after: 15 },
  ],
  bound: 115,
  gap: 0,
  outcome: 'optimal',
} as const;
const summary = {
  hostsFreed: [hostId('h1')],
  moves: 1,
  liveMigrations: 1,
  memoryGiB: 4,
  diskGiB: 10,
  expectedSeconds: endSeconds,
};
const { cloud } = context;
const plan = planOf(steps, { objective, summary, cloud });

describe('a correct plan', () => {
  it('is verified, every figure of it', () => {
    expect(verifyPlan({ plan, context, rules })).toEqual({
      ok: true,
      findings: [],
      stepsChecked: 2,
      figuresCompared: true,
    });
  });

  it('is verified with its figures aside on another inventory than it was made from', () => {
    const other = { plan: planOf(steps), context, rules, inventoryDigest: 'another' };

    expect(verifyPlan(other)).toEqual({ ok: true, findings: [], stepsChecked: 2, figuresCompared: false });
  });

  it('is verified when it does nothing', () => {
    const idle = planOf([], {
      objective: {
        before: 200,
        after: 200,
        terms: [
          { kind: 'hosts-used', before: 200, after: 200 },
          { kind: 'migration-cost', before: 0, after: 0 },
        ],
      },
    });

    expect(verify(idle, context)).toEqual([]);
  });
});

describe('a stale plan', () => {
  const stale = (changed: Parameters<typeof verify>[1], given = plan) => {
    const findings = verify(given, changed);
    expect(findings.filter(({ code }) => code !== 'stale')).toEqual([]);
    return told(findings, 'stale');
  };
  const guarded = (guard: MigrationStep['guards'][number]) =>
    planOf(steps.map((step) => (step.id === 'm1' ? { ...step, guards: [guard] } : step)));
  const a = serverId('a');

  it('moves a server that was deleted since', () => {
    const gone = aContext(aCloud({ servers: [aServer('b', 'h2')] }));

    expect(stale(gone)).toEqual(['m1: a was deleted']);
  });

  it('moves a server from where it no longer is', () => {
    const moved = aContext(aCloud({ servers: [aServer('a', 'h2'), aServer('b', 'h2')] }));
    const nowhere = aContext(aCloud({ servers: [aServer('a', undefined), aServer('b', 'h2')] }));

    expect(stale(moved)).toEqual(['m1: a now runs on h2 (plan expects h1)']);
    expect(stale(nowhere)).toEqual(['m1: a now runs on no host (plan expects h1)']);
  });

  it('moves a server that was resized since', () => {
    const guard = { kind: 'server-flavor', server: a, flavor: 'f', vcpus: 2, memoryMiB: 4096 } as const;

    expect(stale(having({ flavor: aFlavor(2, 8) }), guarded(guard))).toEqual([
      'm1: a was resized to 2 vCPUs and 8192 MiB (plan expects 2 and 4096)',
    ]);
    expect(stale(having({ flavor: aFlavor(1, 4) }), guarded(guard))).toEqual([
      'm1: a was resized to 1 vCPUs and 4096 MiB (plan expects 2 and 4096)',
    ]);
    expect(told(verify(guarded(guard), context), 'stale')).toEqual([]);
  });

  it('moves a server that has another status', () => {
    const guard = { kind: 'server-status', server: a, status: 'SHUTOFF' } as const;

    expect(stale(context, guarded(guard))).toEqual(['m1: a is ACTIVE (plan expects SHUTOFF)']);
  });

  it('moves a server whose disks are elsewhere than it says', () => {
    const storagePools = new Map([
      [storagePoolId('nfs'), { id: storagePoolId('nfs'), kind: 'shared' } as const],
    ]);
    const shared = aContext(
      aCloud({
        hosts: [aHost('h1', { storagePool: storagePoolId('nfs') }), aHost('h2')],
        servers: [aServer('a', 'h1'), aServer('b', 'h2')],
        storagePools,
      }),
    );

    expect(stale(shared)).toEqual(['m1: the storage of a is shared (plan expects block)']);
  });
});

describe('a plan with a request that Nova refuses', () => {
  const refused = (given: Parameters<typeof planOf>[0], on = context) =>
    told(verify(planOf(given), on), 'refused');

  it('is told what rule refuses it, in its words and with both numbers', () => {
    const full = aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h2', { vcpu: 3 })],
        servers: [aServer('a', 'h1'), aServer('b', 'h2')],
      }),
    );

    expect(verify(planOf(steps), full).find(({ code }) => code === 'refused')).toEqual({
      code: 'refused',
      step: 'm1',
      text: 'capacity: host h2: 4 of 3 VCPU',
      measured: 4,
      limit: 3,
    });
  });

  it('is refused a host that is closed, by the cloud or by the plan itself', () => {
    const closed = aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h2', { service: { ...service, status: 'disabled' } })],
        servers: [aServer('a', 'h1')],
      }),
    );
    const text = 'm1: host-state: host h2: nova-compute is disabled';

    expect(refused([move('m1', 'a', 'h1', 'h2')], closed)).toEqual([text]);
    expect(refused([aServiceStep({ id: 'd1', host: hostId('h2') }), move('m1', 'a', 'h1', 'h2')])).toEqual([
      text,
    ]);
  });

  it.each([
    ['h9', ['m1: host-state: host h9: unknown host']],
    ['h1', ['m1: not-same-host: the server runs on host h1 already']],
  ])('is refused a migration to %s, and the check goes on', (to, texts) => {
    expect(refused([move('m1', 'a', 'h1', to)])).toEqual(texts);
    expect(refused([move('m1', 'a', 'h1', to), move('m2', 'b', 'h2', 'h1')])).toEqual(texts);
  });

  it('holds both ends as long as nothing waits for the first migration to end', () => {
    const tight = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 2 }), aHost('h2', { vcpu: 2 }), aHost('h3', { vcpu: 2 })],
        servers: [aServer('a', 'h1'), aServer('b', 'h2')],
      }),
    );
    const away = move('m1', 'b', 'h2', 'h3');

    expect(refused([away, move('m2', 'a', 'h1', 'h2')], tight)).toEqual([
      'm2: capacity: host h2: 4 of 2 VCPU',
    ]);
    expect(refused([away, move('m2', 'a', 'h1', 'h2', { ...after('m1'), startSeconds: 60 })], tight)).toEqual(
      [],
    );
  });

  it('holds the source of a cold migration as long as nothing waits for its confirm', () => {
    const tight = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 2 }), aHost('h2', { vcpu: 2 }), aHost('h3', { vcpu: 2 })],
        servers: [aServer('a', 'h1'), aServer('b', 'h2')],
      }),
      { allow: ['cold'] },
    );
    const cold = [
      move('m1', 'b', 'h2', 'h3', { kind: 'cold' }),
      aConfirm({ id: 'c1', of: 'm1', server: serverId('b'), ...after('m1') }),
    ];
    const then = (...waits: readonly string[]) =>
      move('m2', 'a', 'h1', 'h2', { ...after(...waits), startSeconds: 60 });

    expect(refused([...cold, then('m1')], tight)).toEqual(['m2: capacity: host h2: 4 of 2 VCPU']);
    expect(refused([...cold, then('c1')], tight)).toEqual([]);
  });

  it('may not move a server again before it has arrived', () => {
    const twice = [move('m1', 'a', 'h1', 'h2'), move('m2', 'a', 'h2', 'h1')];

    expect(refused(twice)).toEqual([
      'm2: a may still be on its way to h2: nothing waits for it to arrive there',
    ]);
  });
});

describe('a plan that is not what replaying gives', () => {
  const codes = (given: Parameters<typeof verify>[0], on = context, by = rules) =>
    verify(given, on, by).map(({ code, text }) => `${code}: ${text}`);

  it('predicts NUMA cells that Nova would not choose', () => {
    const hosts = [
      aHost('h1', { pcpu: 8 }),
      aHost('h2', { pcpu: 8, cells: [aCell(0, { cores: 1 }), aCell(1)] }),
    ];
    const pinned = aServer('a', 'h1', { vcpus: 2, extraSpecs: { 'hw:cpu_policy': 'dedicated' } });
    const numa = aContext(aCloud({ hosts, servers: [pinned] }));
    const differs = (cells: MigrationStep['predicted']['cells']) =>
      told(verify(planOf([move('m1', 'a', 'h1', 'h2', { cells })]), numa), 'cells-differ');

    expect(differs([{ hostCellId: 1, pinnedCpuCount: 2 }])).toEqual([]);
    expect(differs([{ hostCellId: 0, pinnedCpuCount: 2 }])).toEqual([
      'm1: Nova would choose NUMA cells 1 (2 pinned CPUs), the plan says 0 (2 pinned CPUs)',
    ]);
    expect(differs([{ hostCellId: 1, pinnedCpuCount: 3, pageSizeKiB: 2048 }])).toEqual([
      'm1: Nova would choose NUMA cells 1 (2 pinned CPUs), the plan says 1 (3 pinned CPUs, pages of 2048 KiB)',
    ]);
    expect(differs([])).toEqual(['m1: Nova would choose NUMA cells 1 (2 pinned CPUs), the plan says none']);
  });

  it('leaves a cold migration without its confirm', () => {
    const cold = move('m1', 'a', 'h1', 'h2', { kind: 'cold' });
    const confirm = aConfirm({ id: 'c1', of: 'm1', server: serverId('a'), ...after('m1') });

    expect(told(verify(planOf([cold]), context), 'unfinished')).toEqual([
      'm1: a still holds h2 and h1 at the end',
    ]);
    expect(told(verify(planOf([cold, confirm]), context), 'unfinished')).toEqual([]);
  });

  it('makes a violation, or a larger one', () => {
    const wish = [...rules, headroom(80)];
    const tight = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 10 }), aHost('h2', { vcpu: 10 })],
        servers: [aServer('a', 'h1'), aServer('b', 'h2')],
      }),
    );

    expect(told(verify(plan, tight, wish), 'violation-worse')).toEqual([
      'host h2 uses 4 VCPU; the headroom asked for leaves 2',
    ]);
    expect(codes(plan, tight, wish)).toContain('summary-differs: the plan says violationsAfter 0, it is 1');
  });

  it.each([
    [{ before: 201 }, ['objective-differs: the plan says objective before 201, replaying gives 200']],
    [
      { after: 114, bound: 114 },
      [
        'objective-differs: the plan says objective after 114, replaying gives 115',
        'bound-differs: the plan says gap 0, it is 0.008695652173913044',
        'bound-differs: the plan says optimal with bound 114 and objective 115',
      ],
    ],
    [
      { terms: [objective.terms[0], { ...objective.terms[1], after: 14 }] },
      ['objective-differs: the plan says migration-cost after 14, replaying gives 15'],
    ],
    [
      { terms: [objective.terms[0]] },
      ['objective-differs: the plan says term none, the goal has migration-cost'],
    ],
    [
      { bound: 116, gap: 0 },
      [
        'bound-differs: the bound 116 is above the objective 115',
        'bound-differs: the plan says optimal with bound 116 and objective 115',
      ],
    ],
    [{ bound: 92, gap: 0.1, outcome: 'feasible' }, ['bound-differs: the plan says gap 0.1, it is 0.2']],
    [{ bound: 92, gap: 0.2, outcome: 'feasible' }, []],
  ] as const)('has other figures: objective %o', (over, findings) => {
    expect(codes(planOf(steps, { objective: { ...objective, ...over }, summary, cloud }))).toEqual(findings);
  });

  it('has no bound and calls itself optimal', () => {
    const { before, after: end, terms } = objective;

    expect(
      codes(planOf(steps, { objective: { before, after: end, terms, outcome: 'optimal' }, summary, cloud })),
    ).toEqual(['bound-differs: the plan says optimal without a bound']);
    expect(
      codes(planOf(steps, { objective: { before, after: end, terms, outcome: 'feasible' }, summary, cloud })),
    ).toEqual([]);
  });

  it.each([
    [{ moves: 2 }, 'the plan says moves 2, it is 1'],
    [{ liveMigrations: 0 }, 'the plan says liveMigrations 0, it is 1'],
    [{ coldMigrations: 1 }, 'the plan says coldMigrations 1, it is 0'],
    [{ stopOvers: 1 }, 'the plan says stopOvers 1, it is 0'],
    [{ memoryGiB: 8 }, 'the plan says memoryGiB 8, it is 4'],
    [{ diskGiB: 0 }, 'the plan says diskGiB 0, it is 10'],
    [{ expectedSeconds: 999 }, `the plan says expectedSeconds 999, it is ${endSeconds}`],
    [{ violationsBefore: 1 }, 'the plan says violationsBefore 1, it is 0'],
    [{ violationsAfter: 1 }, 'the plan says violationsAfter 1, it is 0'],
    [{ hostsFreed: [] }, 'the plan says hostsFreed none, it is h1'],
    [{ spareHosts: [hostId('h1')] }, 'the plan says spareHosts h1, it is none'],
  ])('has other figures: summary %o', (over, text) => {
    expect(codes(planOf(steps, { objective, summary: { ...summary, ...over }, cloud }))).toEqual([
      `summary-differs: ${text}`,
    ]);
  });

  it('has a timetable that cannot be', () => {
    const early = [
      move('m1', 'a', 'h1', 'h2', { startSeconds: 0, endSeconds: 60 }),
      move('m2', 'b', 'h2', 'h1', { ...after('m1'), startSeconds: 59, endSeconds: 100 }),
    ];

    expect(told(verify(planOf(early), context), 'timetable')).toEqual([
      'm2: starts at 59 s, before m1 ends at 60 s',
    ]);
  });
});

describe('a plan for a goal with priorities', () => {
  const own: Goal = {
    ...goal,
    terms: goal.terms.map((term, index) => ({ ...term, priority: index + 1 })),
    priorities: [{ priority: 1, tolerance: { percent: 10 } }],
  };
  const hosts = { priority: 1, before: 200, after: 100, bound: 100, gap: 0 };
  const moves = { priority: 2, before: 0, after: 15, bound: 15, gap: 0 };
  const value = { ...objective, before: 200, after: 100, bound: 100, gap: 0, priorities: [hosts, moves] };
  const found = (over: Partial<Plan['objective']>): readonly string[] =>
    verify(planOf(steps, { goal: own, summary, cloud, objective: { ...value, ...over } }), context).map(
      ({ code, text }) => `${code}: ${text}`,
    );

  it('is verified, each priority of it', () => {
    expect(found({})).toEqual([]);
    expect(
      found({ outcome: 'feasible', priorities: [hosts, { priority: 2, before: 0, after: 15 }] }),
    ).toEqual([]);
  });

  it('is as good as can be where a priority gives no more away than it may', () => {
    const above = (bound: number): Partial<Plan['objective']> => {
      const proof = { bound, gap: (100 - bound) / 100 };
      return { ...proof, priorities: [{ ...hosts, ...proof }, moves] };
    };

    expect(found(above(91))).toEqual([]);
    expect(found(above(90))).toEqual([
      'bound-differs: the plan says optimal with bound 90 and objective 100 of priority 1',
    ]);
  });

  it.each([
    [
      { ...moves, after: 14, bound: 14 },
      [
        'objective-differs: the plan says priority 2 after 14, replaying gives 15',
        'bound-differs: the plan says gap 0 of priority 2, it is 0.06666666666666667',
        'bound-differs: the plan says optimal with bound 14 and objective 15 of priority 2',
      ],
    ],
    [{ ...moves, before: 1 }, ['objective-differs: the plan says priority 2 before 1, replaying gives 0']],
    [
      { ...moves, bound: 12 },
      [
        'bound-differs: the plan says gap 0 of priority 2, it is 0.2',
        'bound-differs: the plan says optimal with bound 12 and objective 15 of priority 2',
      ],
    ],
    [
      { priority: 2, before: 0, after: 15 },
      ['bound-differs: the plan says optimal without a bound of priority 2'],
    ],
  ])('is refused with %o', (second, findings) => {
    expect(found({ priorities: [hosts, second] })).toEqual(findings);
  });

  it('is refused when the objective is not that of the first priority, or priorities are not those of the goal', () => {
    expect(found({ bound: 99, gap: 0.01 })).toEqual([
      'bound-differs: the plan says bound 99 and gap 0.01, of its first priority 100 and 0',
    ]);
    const plan = planOf(steps, {
      goal: own,
      summary,
      objective: { ...objective, ...omit(value, 'priorities') },
    });
    expect(told(verify(plan, context), 'objective-differs')).toEqual([
      'the plan says priorities none, the goal has 1, 2',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import { checkReport } from '../../src/report/check-report.ts';
import { importReport } from '../../src/report/import-report.ts';
import { outcomeReport } from '../../src/report/outcome.ts';
import { verificationReport } from '../../src/report/verification.ts';
import { aMigration, aPlan } from './sample-plan.ts';

describe('what a planning command found', () => {
  it('names each server that keeps a host from being drained, and the rules that stop it', () => {
    const text = outcomeReport(
      {
        kind: 'impossible',
        because: 'h1 cannot be emptied',
        blockers: [
          {
            server: serverId('s-1'),
            serverName: 'gpu-1',
            host: hostId('h1'),
            refusals: [
              {
                rule: 'pci-live',
                text: 'has a device that cannot travel',
                hosts: [hostId('h2'), hostId('h3')],
              },
              { rule: 'capacity', text: 'no room', hosts: [hostId('h4')] },
            ],
          },
        ],
        notDone: [{ server: serverId('s-2'), rule: 'server-state', reason: 'is locked' }],
        clash: {
          servers: [{ server: serverId('s-1'), serverName: 'gpu-1', host: hostId('h1') }],
          rules: [{ rule: 'capacity', of: 'MEMORY_MB', text: 'no room' }],
          limits: [{ option: '--max-moves', value: 3 }],
          irreducible: true,
        },
        waysOut: [
          {
            changes: [
              { kind: 'allow', word: 'cold' },
              { kind: 'lift', option: '--only', value: 'tag:a tag:b' },
            ],
            moves: 2,
            coldMigrations: 1,
            downtimeSeconds: 240,
            expectedSeconds: 600,
          },
          {
            changes: [{ kind: 'add-host', like: hostId('h4') }],
            moves: 1,
            coldMigrations: 0,
            downtimeSeconds: 0,
            expectedSeconds: 60,
          },
        ],
        waysOutCutShort: true,
      },
      { width: 80, steps: false },
    );

    expect(text).toBe(`no plan: h1 cannot be emptied

gpu-1 (s-1) cannot leave h1:
  - pci-live: has a device that cannot travel [2 hosts: h2, h3]
  - capacity: no room [1 host: h4]

not done (1)
  - s-2: is locked (server-state)

These clash; without any one of them the others can be kept:
  - gpu-1 (s-1) leaves h1
  - rule capacity of MEMORY_MB: no room
  - --max-moves 3

Ways out (2), each planned and verified:
  - --allow cold and without --only tag:a --only tag:b: possible, 2 migrations
    in 10 min, 1 of them cold: 4 min of downtime
  - add a host like h4: possible, 1 migration in 60 s
Not everything was tried: --time-limit, size or an interrupt ended it.
`);
  });

  it('says why there is nothing to do, and what to try where it knows nothing', () => {
    const plan = aPlan([]);

    expect(
      outcomeReport({ kind: 'nothing-to-do', plan, because: 'all is well' }, { width: 80, steps: false }),
    ).toMatch(/^nothing to do: all is well\n\nplan +/);
    expect(outcomeReport({ kind: 'unknown', because: 'out of time' }, { width: 80, steps: false })).toBe(
      'no plan, and no proof that there is none: out of time\nmore time or effort may find one (--time-limit, --effort)\n',
    );
    expect(
      outcomeReport({ kind: 'planned', plan: aPlan([aMigration()]) }, { width: 80, steps: false }),
    ).toMatch(/^plan /);
  });
});

describe('a verification', () => {
  it('is one line when the plan holds', () => {
    expect(
      verificationReport('7f3a', { ok: true, findings: [], stepsChecked: 14, figuresCompared: true }, 80),
    ).toBe('plan 7f3a holds: 14 steps replayed, each request is allowed in the state of its\ninstant\n');
  });

  it('lists every finding with its step and both numbers', () => {
    const text = verificationReport(
      '7f3a',
      {
        ok: false,
        findings: [
          { code: 'stale', step: 's1', text: 'web-3 now runs on h7 (plan expects h4)' },
          { code: 'objective-differs', text: 'the plan says 4, replaying gives 5', measured: 5, limit: 4 },
        ],
        stepsChecked: 1,
        figuresCompared: false,
      },
      80,
    );

    expect(text).toBe(`plan 7f3a does not hold: 1 step replayed, 2 findings
  - step s1: web-3 now runs on h7 (plan expects h4) [stale]
  - the plan says 4, replaying gives 5 (measured 5, limit 4) [objective-differs]
it was made from another inventory: whether its steps hold was checked, its
figures were not compared
next: import the cloud again, and make the plan again
`);
  });
});

describe('a check', () => {
  const common = { profile: 'zed', hosts: 2, servers: 3, rulesChecked: 15, warnings: [] };

  it('lists violations by rule', () => {
    const violation = { measured: 3, limit: 2, unit: 'servers', where: 'h1', servers: [] as const };
    const text = checkReport(
      {
        ...common,
        violations: [
          { ...violation, rule: 'anti-affinity', text: 'host h1 runs 3, limit 2' },
          { ...violation, rule: 'capacity', text: 'h2 is \u001B[31mfull' },
          {
            ...violation,
            rule: 'anti-affinity',
            text: 'host h9 runs 3, limit 2',
            servers: [
              { id: serverId('s-1'), name: 'a' },
              { id: serverId('s-2'), name: '' },
            ],
          },
        ],
      },
      80,
    );

    expect(text).toBe(`3 violations among 2 hosts and 3 servers, 15 rules of profile zed

anti-affinity (2)
  - host h1 runs 3, limit 2
  - host h9 runs 3, limit 2 (a, s-2)

capacity (1)
  - h2 is \\u{1b}[31mfull
`);
  });

  it('lists warnings after violations, the first of each kind', () => {
    const found = ['h1', 'h2', 'h3', 'h4', 'h5'].map((host) => ({
      id: 'mixed',
      text: `${host} is mixed`,
      servers: [],
    }));
    const one = { id: 'soft', text: 'together', servers: [{ id: serverId('s-1'), name: 'a' }] };

    expect(checkReport({ ...common, violations: [], warnings: [...found, one] }, 80)).toBe(
      `no rule is violated among 2 hosts and 3 servers, 15 rules of profile zed

warning mixed (5)
  - h1 is mixed
  - h2 is mixed
  - h3 is mixed
    and 2 more

warning soft (1)
  - together (a)
`,
    );
  });

  it('says so when nothing is wrong', () => {
    expect(checkReport({ ...common, violations: [] }, 80)).toBe(
      'no rule is violated among 2 hosts and 3 servers, 15 rules of profile zed\n',
    );
  });
});

it('shows what an import found, what contradicts and what is missing', () => {
  const text = importReport(
    {
      capturedAt: '2026-02-14T22:00:00Z',
      hosts: 2,
      servers: 1,
      sources: [
        { source: 'api:nova', hosts: 2, servers: 1 },
        { source: 'db:instances', hosts: 0, servers: 1 },
        { source: 'db:flavors', hosts: 0, servers: 0 },
      ],
      completeness: [
        { family: 'capacity', judgement: { kind: 'exact' } },
        {
          family: 'NUMA fit',
          judgement: {
            kind: 'assumes',
            what: ['Nova spreads servers', '2 of 3 servers have no emulator CPU'],
          },
          supply: 'record the tables compute_nodes and instance_extra',
        },
        {
          family: 'CPU',
          judgement: { kind: 'cannot-be-judged', missing: ['2 of 2 hosts have an unknown CPU'] },
        },
      ],
      contradictions: [
        {
          subject: 'web\n1',
          field: 'host',
          values: [
            { source: 'api:nova', value: 'h1' },
            { source: 'db:instances', value: 'h2' },
          ],
          taken: 'db:instances',
        },
      ],
      gaps: [{ code: 'api.no-images', summary: 'no image was read', hint: 'record api/glance' }],
    },
    'inventory.json',
    80,
  );

  expect(text).toBe(`2 hosts and 1 server as of 2026-02-14T22:00:00Z; written to inventory.json

source        hosts  servers
api:nova          2        1
db:instances      0        1

also read: db:flavors

rules     judged
capacity  exactly
NUMA fit  by assumption: Nova spreads servers; 2 of 3 servers have no emulator
          CPU (record the tables compute_nodes and instance_extra)
CPU       not: 2 of 2 hosts have an unknown CPU

contradictions (1)
  - web\\n1 host: h1 (api:nova), h2 (db:instances); db:instances is followed

missing (1)
  - no image was read [api.no-images]; record api/glance
`);
});

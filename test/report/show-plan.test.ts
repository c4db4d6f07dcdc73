import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { showPlan } from '../../src/report/show-plan.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

const plan = aPlan(
  [
    aServiceStep(),
    aMigration({ dependsOn: [{ step: 'd1', reason: 'h1 is disabled before it is emptied' }] }),
    aMigration({
      id: 's2',
      kind: 'cold',
      server: serverId('s-db-1'),
      serverName: 'db-1',
      wave: 2,
      requestAfter: ['s1'],
      undo: { kind: 'possible', how: 'revert it', until: 's3 confirms it', untilStep: 's3', needs: [] },
    }),
    aConfirm({
      id: 's3',
      of: 's2',
      server: serverId('s-db-1'),
      serverName: 'db-1',
      wave: 2,
      dependsOn: [{ step: 's2', reason: 'r' }],
    }),
  ],
  {
    warnings: [
      {
        code: 'race',
        text: 'h2 stays enabled while it fills: a boot may take the room that a step needs, so it is looked at again before each step',
        steps: ['s1', 's2'],
      },
    ],
    assumptions: [
      {
        rule: 'requested-az',
        text: 'they stay in their zone',
        missing: ['servers[].requestedAz'],
        supply: ['the table request_specs'],
        servers: [serverId('a'), serverId('b')],
      },
    ],
    notDone: [
      { server: serverId('s-x'), host: hostId('h3'), rule: 'server-state', reason: 'is locked' },
      { server: serverId('s-y'), host: hostId('h3'), rule: 'server-state', reason: 'is locked' },
      { host: hostId('h4'), rule: 'capacity', reason: 'cannot be emptied' },
    ],
  },
);

describe('a plan as text', () => {
  it('says in ten lines what an operator wants to know, then what to look at, then the steps by wave', () => {
    expect(showPlan(plan, { width: 90, steps: true, planFile: 'plan.json' })).toBe(
      `plan         ${plan.id}: consolidate on zed, cloud as of 2026-02-14T22:00:00Z
hosts freed  1: h1
moves        2 servers in 2 migrations: 1 live, 1 cold
copies       8 GiB of memory, 0 GiB of disk
time         about 60 s in 2 waves; at most 300 ms down at a time
result       optimal: objective 6400 → 3240 (bound 3240, gap 0 %)
violations   0 before, 0 after
warnings     1, listed below
assumptions  1, listed below
next         planner verify plan.json

warnings (1)
  - h2 stays enabled while it fills: a boot may take the room that a step needs, so it is
    looked at again before each step (s1, s2)

assumptions (1)
  - requested-az: they stay in their zone; not known: servers[].requestedAz (record the
    table request_specs); 2 servers rest on it

not done (2)
  - s-x, s-y on h3: is locked (server-state)
  - h4: cannot be emptied (capacity)

points of no return (1)
  - a confirmed cold migration can only be followed by another one (s3)

wave  step  do          server  host  to  copies  takes  after  way back
   1  d1    disable             h1
      s1    live        web-1   h1    h2   8 GiB   60 s  d1
   2  s2    cold        db-1    h1    h2   8 GiB   60 s  s1     until s3
      s3    confirm s2  db-1                             s2     none
`,
    );
  });

  it('says what stopped the search, and that nothing is to be done', () => {
    const empty = aPlan([], {
      objective: { before: 10, after: 10, terms: [], outcome: 'feasible', stoppedBy: 'time', rounds: 4 },
      summary: {
        ...plan.summary,
        hostsFreed: [],
        moves: 0,
        liveMigrations: 0,
        coldMigrations: 0,
        memoryGiB: 0,
      },
    });

    const lines = showPlan(empty, { width: 90, steps: true, planFile: 'p.json' }).split('\n');

    expect(lines.slice(1, 10)).toEqual([
      'hosts freed  none',
      'moves        none',
      'copies       0 GiB of memory, 0 GiB of disk',
      'time         none',
      'result       feasible: objective 10 → 10 (no bound known); out of time after 4 rounds',
      'violations   0 before, 0 after',
      'warnings     none',
      'assumptions  none',
      'next         nothing to do',
    ]);
  });

  it('tells what each priority comes to, in text and in Markdown', () => {
    const { goal } = plan.basedOn;
    const terms = goal.terms.map((term, index) => ({ ...term, priority: index + 1 }));
    const own = aPlan(plan.steps, {
      basedOn: { ...plan.basedOn, goal: { ...goal, terms } },
      objective: {
        ...plan.objective,
        outcome: 'feasible',
        priorities: [
          { priority: 1, before: 6400, after: 3200, bound: 3200, gap: 0 },
          { priority: 2, before: 0, after: 40 },
        ],
      },
    });

    expect(showPlan(own, { width: 120, steps: true }).split('\n')[5]).toBe(
      'result       feasible: priority 1 6400 → 3200 (bound 3200, gap 0 %), priority 2 0 → 40 (no bound known)',
    );
    const rows = planMarkdown(own)
      .split('\n')
      .filter((line) => /^\| [12] +\|/.test(line))
      .slice(0, 4)
      .map((line) => line.replaceAll(/ +/g, ' '));
    expect(rows).toEqual([
      '| 1 | 6400 | 3200 | 3200 | 0 % |',
      '| 2 | 0 | 40 | none known | |',
      '| 1 | hosts-used | 6400 | 3200 |',
      '| 2 | migration-cost | 0 | 40 |',
    ]);
  });

  it('shortens the lists where the steps are not shown, and says where they are', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      server: serverId(`s-${index}`),
      rule: 'r',
      reason: `reason ${index}`,
    }));

    const text = showPlan(aPlan(plan.steps, { notDone: many }), {
      width: 90,
      steps: false,
      planFile: 'plan.json',
    });

    expect(text).toContain(`  - s-4: reason 4 (r)
    and 2 more

planner show plan.json has the 4 steps by wave, and the lists in full
`);
    expect(text).not.toContain('reason 5');
  });

  it('quotes file names in the next command, and names the inventory', () => {
    const text = showPlan(plan, {
      width: 60,
      steps: false,
      planFile: "it's\n.json",
      inventoryFile: 'my cloud.json',
    });

    expect(text).toContain(`next         planner verify 'it'\\''s\\n.json' --inventory 'my cloud.json'\n`);
  });

  it('fits the table into the terminal, and tells servers of one name apart', () => {
    const name = 'a-server-with-a-name-that-is-long';
    const twins = aPlan([
      aMigration({ serverName: name, server: serverId('id-1') }),
      aMigration({ id: 's2', serverName: name, server: serverId('id-2') }),
    ]);

    const wide = showPlan(twins, { width: 120, steps: true });
    const narrow = showPlan(twins, { width: 60, steps: true }).split('\n').slice(-8, -1);

    expect(wide).toContain(`${name} (id-1)`);
    expect(narrow[0]).toBe('wave  step  do    server             host  to  copies  takes');
    expect(narrow.slice(1, 4).map((line) => line.slice(18, 37).trim())).toEqual([
      'a-server-with-a-n',
      'ame-that-is-long',
      '(id-1)',
    ]);
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('never lets a name act on the terminal', () => {
    const nasty = '\u001B[2J\u202Eevil\nline\u0007';
    const text = showPlan(
      aPlan([aMigration({ serverName: nasty, from: hostId(nasty), server: serverId(nasty) })], {
        notDone: [{ server: serverId(nasty), rule: nasty, reason: nasty }],
        warnings: [{ code: 'c', text: nasty, steps: [] }],
        assumptions: [{ rule: nasty, text: nasty, missing: [nasty], supply: [nasty], servers: [] }],
        summary: { ...plan.summary, hostsFreed: [hostId(nasty)] },
      }),
      { width: 100, steps: true, planFile: nasty },
    );

    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
    expect(text.split('\n').filter((line) => line.startsWith('line'))).toEqual([]);
  });
});

describe('a plan as Markdown', () => {
  it('has the facts, the steps, and each step with its guards and way back', () => {
    const text = planMarkdown(plan);

    expect(text).toContain(`# Plan ${plan.id}\n`);
    expect(text).toContain('| hosts freed | 1: h1 |');
    expect(text).toContain('| 2 | s2 | cold | `db-1` | `h1` | `h2` | 8 GiB | 60 s | s1 |');
    expect(text).toContain(
      `### s1: live \`web-1\`

- frees h1
- after d1: h1 is disabled before it is emptied
- expected: 8 GiB over shared storage, 60 s (20 s to 3 min), 300 ms down, NUMA cell 1 (4 pinned CPUs, pages of 1048576 KiB)
- needs: on \`h1\`; status \`ACTIVE\`; \`h2\` enabled and up; 4 VCPU free on \`h2\`
- way back: live-migrate it back to h1, until h1 keeps room for it; needs room on h1
- microversion: 2.68
`,
    );
  });

  it('shows names as they are, whatever markup they hold', () => {
    const nasty = '`|</code><script>alert(1)</script>[a](b)\n# head';
    const step = aMigration({ serverName: nasty, reason: nasty });
    const text = planMarkdown(aPlan([step]));

    expect(text).toContain('`` `\\|</code><script>alert(1)</script>[a](b)\\n# head ``');
    expect(text).toContain('- \\`\\|\\</code\\>\\<script\\>alert(1)\\</script\\>\\[a\\](b)\\\\n\\# head');
    expect(text).not.toContain('\n# head');
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { planId } from '../../src/plan/plan-id.ts';
import type { PlanningOutcome } from '../../src/planning/planning-request.ts';
import {
  copy,
  folder,
  importRecording,
  planner,
  plannerInside,
  recording,
  type Ran,
  startPlanner,
} from './run-planner.ts';

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const planIn = (name: string): Plan => JSON.parse(read(name)) as Plan;

type Impossible = Extract<PlanningOutcome, { kind: 'impossible' }>;

/** The inventory with this server stopped, in `stopped.json`. */
function stop(id: string): void {
  const inventory = JSON.parse(read('inventory.json')) as { servers: { id: string }[] };
  const stopped = { status: 'SHUTOFF', vmState: 'stopped', powerState: 'shutdown' };
  const servers = inventory.servers.map((server) => (server.id === id ? { ...server, ...stopped } : server));
  writeFileSync(join(folder, 'stopped.json'), JSON.stringify({ ...inventory, servers }));
}

/** Without cold migrations no host of the recording can be emptied. */
const consolidate = ['rebalance', '--goal', 'consolidate', '--allow', 'cold'];
let consolidated: Ran;

beforeAll(() => {
  importRecording();
  consolidated = planner(...consolidate);
});

describe('planner rebalance', () => {
  it('writes a plan and says in ten lines what it comes to', () => {
    const { status, stdout, stderr } = consolidated;

    expect(stderr).toBe('');
    expect(status).toBe(0);
    const plan = planIn('plan.json');
    expect(stdout.split('\n').slice(0, 10)).toEqual([
      expect.stringMatching(new RegExp(`^plan {9}${plan.id}: consolidate on zed, cloud as of `)),
      expect.stringMatching(/^hosts freed {2}[1-9]/),
      expect.stringMatching(/^moves {8}\d+ servers? in \d+ migrations?: \d+ live, \d+ cold/),
      expect.stringMatching(/^copies {7}/),
      expect.stringMatching(/^time {9}about /),
      expect.stringMatching(/^result {7}(optimal|feasible): objective /),
      expect.stringMatching(/^violations {3}\d+ before, \d+ after$/),
      expect.stringMatching(/^warnings {5}/),
      expect.stringMatching(/^assumptions {2}/),
      'next         planner verify plan.json',
    ]);
  });

  it('writes the same bytes again, and the same plan as JSON', () => {
    const again = planner(...consolidate, '--out', 'again.json', '--json');

    expect(again.status).toBe(0);
    expect(read('again.json')).toBe(read('plan.json'));
    expect(JSON.parse(again.stdout)).toEqual({ kind: 'planned', plan: planIn('plan.json') });
  });

  it('prints the plan itself with --out -, and the words elsewhere', () => {
    const { stdout, stderr, status } = planner(...consolidate, '--out', '-');

    expect(status).toBe(0);
    expect(stdout).toBe(read('plan.json'));
    expect(stderr).toMatch(/^plan {9}/);
  });

  it('says that there is nothing to do, with a proof, and writes a plan without steps', () => {
    const { status, stdout } = planner('rebalance', '--goal', 'consolidate', '--out', 'none.json');

    expect(status).toBe(0);
    expect(stdout).toMatch(/^nothing to do: [^\n]+\n\nplan {9}/);
    expect(stdout).toMatch(/^result {7}optimal: .*gap 0 %\)$/m);
    expect(planIn('none.json').steps).toEqual([]);
    expect(planner('verify', 'none.json').status).toBe(0);
  });

  it('keeps to the limits and the selection', () => {
    const { status } = planner(
      'rebalance',
      ...[
        '--goal',
        'balance',
        '--out',
        'small.json',
        '--max-moves',
        '3',
        '--exclude',
        'host:kvm-a01',
        '--exclude',
        'server:web-01',
      ],
    );

    expect(status).toBe(0);
    const { basedOn, steps, summary } = planIn('small.json');
    expect(summary.moves).toBeLessThanOrEqual(3);
    expect(basedOn.options).toMatchObject({ maxMoves: 3, exclude: ['host:kvm-a01', 'server:web-01'] });
    for (const step of steps) {
      if (step.kind !== 'live' && step.kind !== 'cold') continue;
      expect([step.from, step.to]).not.toContain('kvm-a01');
      expect(step.serverName).not.toBe('web-01');
    }
  });

  it.each(['spread', 'repair', 'defragment'])('has a plan for goal %s that verifies', (goal) => {
    const planned = planner('rebalance', '--goal', goal, '--out', `${goal}.json`, '--allow', 'cold');

    expect(planned).toMatchObject({ status: 0, stderr: '' });
    const { objective } = planIn(`${goal}.json`);
    expect(objective.after).toBeLessThanOrEqual(objective.before);
    expect(planner('verify', `${goal}.json`)).toMatchObject({ status: 0 });
  });

  it('keeps room for the loss of a host, says what it does not come to, and has that verified', () => {
    const options = ['--survive-host-loss', '--out', 'safe.json'];
    const planned = planner(...consolidate, ...options);

    expect(planned).toMatchObject({ status: 0, stderr: '' });
    const { basedOn, summary, warnings } = planIn('safe.json');
    expect(basedOn.options.surviveHostLoss).toBe(true);
    expect(summary.hostsFreed).toEqual(['kvm-a01']);
    expect(summary.violationsAfter).toBeLessThan(summary.violationsBefore);
    expect(warnings.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^today not all servers of 3 hosts \(kvm-a02, kvm-a04, kvm-b04\) find room/),
    );
    expect(planner('verify', 'safe.json').status).toBe(0);
  });

  it('makes room for a flavor of the cloud', () => {
    const { flavors, tables } = JSON.parse(read('inventory.json')) as {
      readonly flavors: readonly string[];
      readonly tables: { readonly flavors: Readonly<Record<string, { readonly name: string }>> };
    };
    const name = tables.flavors[flavors[0] ?? '']?.name ?? '';
    const planned = planner('rebalance', '--goal', 'defragment', '--for-flavor', name, '--out', 'room.json');

    expect(planned).toMatchObject({ status: 0, stderr: '' });
    const [term] = planIn('room.json').basedOn.goal.terms;
    expect(term).toMatchObject({ kind: 'free-slots', amounts: { MEMORY_MB: expect.any(Number) as unknown } });
    expect(term).not.toMatchObject({ amounts: { VCPU: 8, MEMORY_MB: 16_384 } });
    expect(planner('verify', 'room.json')).toMatchObject({ status: 0 });
  });

  it('refuses a flavor that is none, and one for a goal that has no use for it', () => {
    const unknown = planner('rebalance', '--goal', 'defragment', '--for-flavor', 'no-such-flavor');
    const useless = planner('rebalance', '--goal', 'balance', '--for-flavor', 'any');

    expect(unknown).toMatchObject({ status: 2 });
    expect(unknown.stderr).toContain('the inventory has no flavor of this name');
    expect(useless).toMatchObject({ status: 2 });
    expect(useless.stderr).toContain('goal balance has no free slots');
  });

  it('takes a goal of the user, which the plan then holds', () => {
    const goal = { name: 'mine', description: '', spareHosts: 0, headroomPercent: 0, disableEmptied: false };
    const terms = [
      { kind: 'hosts-used', weight: 3200 },
      { kind: 'migration-cost', perMove: 32, perGiB: 1 },
    ];
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ ...goal, terms }));

    const planned = planner('rebalance', '--goal-file', 'mine.json', '--out', 'own.json', '--allow', 'cold');

    expect(planned.status).toBe(0);
    expect(planIn('own.json').basedOn.goal).toEqual({ ...goal, terms });
    expect(planner('verify', 'own.json').status).toBe(0);
  });

  it('names what is near a name that is not in the inventory', () => {
    const { status, stderr } = planner(
      'rebalance',
      ...[
        '--goal',
        'balance',
        '--exclude',
        'server:web-0',
        '--only',
        'host:kvm-a1',
        '--only',
        'aggregate:ssds',
        '--exclude',
        'tag:nope-nope',
      ],
    );

    expect(status).toBe(2);
    expect(stderr).toContain(
      'the inventory has no server of this name (at --exclude, value server:web-0)\n  hint: did you mean web-01',
    );
    expect(stderr).toContain('hint: did you mean kvm-a01');
    expect(stderr).toContain('hint: did you mean ssd?');
    expect(stderr).toContain('value tag:nope-nope');
  });

  it('never writes over a plan that has a journal', () => {
    copy('plan.json', 'run.json');
    writeFileSync(join(folder, 'run.journal.jsonl'), '');

    const { status, stderr } = planner('rebalance', '--goal', 'balance', '--out', 'run.json');

    expect(status).toBe(2);
    expect(stderr).toMatch(/^error plan\.has-journal: /);
    expect(read('run.json')).toBe(read('plan.json'));
  });

  it.each([
    [['import', '--from', recording, '-o', 'begun.json'], 'plan.has-journal'],
    [['export', 'plan.json', '--format', 'csv', '-o', 'begun.json'], 'plan.has-journal'],
    [['import', '--from', recording, '-o', 'begun.journal.jsonl'], 'this is the journal of a run'],
    [['export', 'plan.json', '--format', 'csv', '-o', 'begun.journal.jsonl'], 'this is the journal of a run'],
    [['rebalance', '--goal', 'balance', '--out', 'inventory.json'], 'this is the inventory'],
    [['undrain', 'kvm-b05', '--force-enable', '--out', 'inventory.json'], 'this is the inventory'],
  ])('%j replaces no record of a run and nothing that it reads', (words, why) => {
    copy('plan.json', 'begun.json');
    writeFileSync(join(folder, 'begun.journal.jsonl'), 'a journal');
    const inventory = read('inventory.json');

    const { status, stderr } = planner(...words);

    expect(status).toBe(2);
    expect(stderr).toContain(why);
    expect(read('begun.json')).toBe(read('plan.json'));
    expect(read('begun.journal.jsonl')).toBe('a journal');
    expect(read('inventory.json')).toBe(inventory);
  });

  it('shows progress where somebody watches, and stops at an interrupt with the best plan so far', async () => {
    const inventory = join(folder, 'inventory.json');
    const out = join(folder, 'stopped.json');
    let interrupt = (): void => undefined;
    let told = '';
    let clock = 0;

    const { status, stdout } = await plannerInside(
      ['rebalance', '--goal', 'balance', '--allow', 'cold', '--inventory', inventory, '--out', out],
      {
        watched: true,
        now: () => (clock += 1),
        onInterrupt(listener) {
          interrupt = listener;
          return () => undefined;
        },
        err(text) {
          told += text;
          if (text.includes('round')) interrupt();
        },
      },
    );

    expect(told).toMatch(/^\r\u001B\[K(solving|ordering), round \d+, objective /);
    expect(told).toContain('stopping with the best plan so far; interrupt again to end at once\n');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^result {7}.*; stopped by hand after \d+ rounds?$/m);
    expect(planner('verify', 'stopped.json').status).toBe(0);
  });
});

describe('planner verify', () => {
  it('finds nothing wrong with a new plan', () => {
    const { status, stdout, stderr } = planner('verify', 'plan.json');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^plan [0-9a-f]{12} holds: \d+ steps replayed/);
    expect(JSON.parse(planner('verify', 'plan.json', '--json').stdout)).toMatchObject({
      ok: true,
      findings: [],
    });
  });

  it('packs the servers of every host again where the plan is to survive a loss', () => {
    const plan = planIn('plan.json');
    const options = { ...plan.basedOn.options, surviveHostLoss: true as const };
    const claimed = { ...plan, basedOn: { ...plan.basedOn, options } };
    writeFileSync(join(folder, 'claimed.json'), JSON.stringify({ ...claimed, id: planId(claimed) }));

    const { status, stdout } = planner('verify', 'claimed.json');

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /if host kvm-\w+ is lost, \d+ servers? \(\d+ MiB\) finds? no room on the other hosts/,
    );
  });

  it('ends with 1 when the cloud has changed since', () => {
    const step = planIn('plan.json').steps.find(({ kind }) => kind === 'live');
    if (step?.kind !== 'live') throw new Error('the plan migrates a server');
    const inventory = JSON.parse(read('inventory.json')) as { servers: { id: string; status: string }[] };
    for (const server of inventory.servers) if (server.id === step.server) server.status = 'PAUSED';
    writeFileSync(join(folder, 'later.json'), JSON.stringify(inventory));

    const { status, stdout } = planner('verify', 'plan.json', '--inventory', 'later.json');

    expect(status).toBe(1);
    expect(stdout).toContain(`step ${step.id}: ${step.serverName} is PAUSED (plan expects ACTIVE)`);
  });
});

describe('planner show and export', () => {
  it('show a plan without its inventory', () => {
    const { status, stdout } = planner('show', 'plan.json');

    expect(status).toBe(0);
    expect(stdout).toMatch(/^wave +step +do +server +host +to +copies +takes/m);
    expect(JSON.parse(planner('show', 'plan.json', '--json').stdout)).toEqual(planIn('plan.json'));
  });

  it('write the plan as it is, as a script, and for review', () => {
    expect(planner('export', 'plan.json', '--format', 'json').stdout).toBe(read('plan.json'));
    expect(planner('export', 'plan.json', '--format', 'markdown').stdout).toMatch(/^# Plan [0-9a-f]{12}\n/);

    const { status, stdout } = planner('export', 'plan.json', '--format', 'sh', '-o', 'plan.sh');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(read('plan.sh')).toMatch(/^#!\/usr\/bin\/env bash\n/);
  });

  it('never put the export in the place of the plan', () => {
    const { status, stderr } = planner('export', 'plan.json', '--format', 'sh', '-o', './plan.json');

    expect(status).toBe(2);
    expect(stderr).toContain('this is the plan itself');
    expect(planIn('plan.json').kind).toBe('plan');
  });

  it('refuse a plan that somebody edited', () => {
    writeFileSync(join(folder, 'edited.json'), read('plan.json').replace('"effort":100', '"effort":101'));

    const { status, stderr } = planner('show', 'edited.json');

    expect(status).toBe(2);
    expect(stderr).toMatch(/^error plan\.altered: /);
  });

  it('end quietly when the reader has seen enough', async () => {
    const child = startPlanner('show', 'plan.json');
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await new Promise((resolve) => child.on('exit', resolve));

    expect(stderr).toBe('');
  });
});

describe('planner drain', () => {
  it('empties a host', () => {
    const { status, stdout, stderr } = planner('drain', 'kvm-a03', '--allow', 'cold', '--out', 'drain.json');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^hosts freed {2}1: kvm-a03$/m);
    expect(planIn('drain.json').steps[0]).toMatchObject({ kind: 'disable-service', host: 'kvm-a03' });
    expect(planner('verify', 'drain.json').status).toBe(0);
  });

  it('says which servers keep a host from being emptied, and which rules stop them', () => {
    const { status, stdout } = planner('drain', 'kvm-a01', '--out', 'no.json');

    expect(status).toBe(1);
    expect(stdout).toMatch(/^no plan: /);
    expect(stdout).toMatch(/^ml-train-1 \(\S+\) cannot leave kvm-a01:\n {2}- [a-z-]+: /m);
    expect(existsSync(join(folder, 'no.json'))).toBe(false);
  });

  it('says what clashes, and ways out that work', () => {
    const { status, stdout } = planner('drain', 'kvm-a01', '--json', '--out', 'no.json');
    const { clash, waysOut } = JSON.parse(stdout) as Impossible;

    expect(status).toBe(1);
    expect(clash?.servers.map(({ serverName }) => serverName)).toEqual(['ml-train-1']);
    expect(clash?.rules.map(({ rule }) => rule)).toEqual(['pci-live']);
    expect(clash?.irreducible).toBe(true);
    expect(waysOut.map(({ changes }) => changes.map(({ kind }) => kind).join())).toEqual(['allow', 'stop']);
    expect(waysOut[0]?.changes).toEqual([{ kind: 'allow', word: 'cold' }]);
    expect(planner('drain', 'kvm-a01', '--allow', 'cold', '--out', 'way-out.json').status).toBe(0);
    expect(planIn('way-out.json').summary).toMatchObject({
      moves: waysOut[0]?.moves,
      coldMigrations: waysOut[0]?.coldMigrations,
    });
    const stopped = waysOut[1]?.changes[0];
    if (stopped?.kind !== 'stop') throw new Error('no server to stop');
    stop(stopped.server.server);
    expect(planner('drain', 'kvm-a01', '--inventory', 'stopped.json', '--out', 'other.json').status).toBe(0);
  });

  it('names what is near a host that is not there', () => {
    const { status, stderr } = planner('drain', 'kvm-a01', 'kvm-a1l');

    expect(status).toBe(2);
    expect(stderr).toContain(
      'the inventory has no host of this name (at HOST, value kvm-a1l)\n  hint: did you mean kvm-a01',
    );
  });
});

describe('planner timeline', () => {
  it('draws the plan, a line a step, and by host, server and link', () => {
    const { steps, id, timetable } = planIn('plan.json');
    const { status, stdout, stderr } = planner('timeline', 'plan.json', '--limit', '1000');

    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toContain(`plan ${id}: `);
    for (const step of steps) expect(lines.some((line) => line.startsWith(`${step.id} `))).toBe(true);
    expect(lines.filter((line) => line !== '')).toHaveLength(steps.length + 5);
    for (const { link } of timetable.links.slice(0, 3))
      expect(planner('timeline', 'plan.json', '--by', 'link', '--limit', '1000').stdout).toContain(link);
  });

  it('has every line as JSON', () => {
    const { stdout } = planner('timeline', 'plan.json', '--by', 'server', '--json');

    const { by, rows } = JSON.parse(stdout) as { by: string; rows: { bars: unknown[] }[] };
    expect(by).toBe('server');
    expect(rows.length).toBe(planIn('plan.json').summary.moves);
  });

  it('names all that is wrong with what was typed', () => {
    const { status, stderr } = planner('timeline', 'no-such-plan.json', '--by', 'rack', '--limit', '0');

    expect(status).toBe(2);
    expect(stderr).toContain('--by');
    expect(stderr).toContain('--limit');
    expect(stderr).toContain('no-such-plan.json');
  });
});

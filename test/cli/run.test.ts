import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { journalOf } from '../../src/cli/journal-file.ts';
import { thisMachine } from '../../src/cli/machine.ts';
import { readWish } from '../../src/cli/run-wish.ts';
import type { Rehearsals } from '../../src/execute/rehearse.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import type { RunStatus } from '../../src/report/run-status.ts';
import { folder, importRecording, planner, plannerInside } from './run-planner.ts';

const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'utf8');
const write = (name: string, value: unknown): void => {
  writeFileSync(at(name), typeof value === 'string' ? value : JSON.stringify(value));
};

let plan: Plan;
const inside = (...words: readonly string[]) =>
  plannerInside(words.map((word) => (/^[a-z-]+\.jsonl?$/.test(word) ? at(word) : word)));
const simulate = (...words: readonly string[]) =>
  inside('run', 'plan.json', '--simulate', '--inventory', 'inventory.json', ...words);

beforeAll(() => {
  importRecording();
  planner('rebalance', '--goal', 'consolidate', '--allow', 'cold');
  plan = JSON.parse(read('plan.json')) as Plan;
});

/** The server of a live migration of the plan that others wait for. */
const someLive = () => {
  const step = plan.steps.find((each) => each.kind === 'live');
  if (step === undefined || !isMigration(step)) throw new Error('the plan has live migrations');
  return step;
};

describe('planner run --simulate', () => {
  it('carries out the whole plan of the recorded cloud', async () => {
    const { status, stdout } = await simulate('--json');

    const result = JSON.parse(stdout) as RunStatus;
    expect(status).toBe(0);
    expect(result).toMatchObject({ state: 'done', done: plan.steps.length, simulated: true, next: '' });
    expect(plan.steps.length).toBeGreaterThan(15);
  });

  it('tells what happens, what failed and where to read why, and ends with 1', async () => {
    const { serverName, id, from } = someLive();
    write('faults.json', { formatVersion: 1, faults: [{ kind: 'running', server: serverName }] });

    const { status, stdout, stderr } = await simulate('--faults', 'faults.json');

    expect(status).toBe(1);
    expect(stderr).toContain(`${id.padEnd(5)} live ${serverName}`);
    expect(stdout).toContain('Failed:');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`read: nova-compute log on ${from}`);
    expect(existsSync(journalOf(at('plan.json')))).toBe(false);
  });

  it('plans the rest again after a failure, and goes on with that beside its journal', async () => {
    const { serverName } = someLive();
    write('once.json', { formatVersion: 1, faults: [{ kind: 'running', server: serverName }] });
    const journal = ['--journal', 'again.jsonl'];

    const ran = await simulate('--faults', 'once.json', '--on-failure', 'replan', ...journal, '--json');

    expect(JSON.parse(ran.stdout)).toMatchObject({ state: 'done', replans: 1 });
    expect(ran.status).toBe(0);
    const next = JSON.parse(read('again.replan-1.json')) as Plan;
    const shown = await inside('status', 'plan.json', ...journal, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'done', plan: next.id, replans: 1 });
    expect(next.basedOn.goal).toEqual(plan.basedOn.goal);

    write('again.replan-1.json', { ...plan });
    expect(await inside('status', 'plan.json', ...journal)).toMatchObject({ status: 2 });
  });

  it('rehearses with many seeds and names one that shows each failure', async () => {
    const rates = { formatVersion: 1, rates: { running: 0.1 } };
    write('rates.json', rates);

    const { status, stdout } = await simulate('--faults', 'rates.json', '--rehearse', '20', '--json');

    const sum = JSON.parse(stdout) as Rehearsals;
    expect(status).toBe(1);
    expect(sum.runs).toBe(20);
    expect(sum.done).toBeLessThan(20);
    expect(sum.done + sum.reasons.reduce((all, { runs }) => all + runs, 0)).toBe(20);
    const seed = String(sum.reasons[0]?.seed);
    expect((await simulate('--faults', 'rates.json', '--seed', seed)).status).toBe(1);
  });

  it('goes on with a simulation that was killed, and comes to the same end', async () => {
    write('chance.json', { formatVersion: 1, rates: { slow: 0.2, 'lose-answer': 0.1 } });
    const chance = ['--faults', 'chance.json', '--seed', '4', '--journal'];
    const resume = ['resume', 'plan.json', '--simulate', '--inventory', 'inventory.json'];
    await simulate(...chance, 'uninterrupted.jsonl');
    const lines = read('uninterrupted.jsonl').split('\n').slice(0, -1);

    for (const part of [0.1, 0.4, 0.8]) {
      write('cut.jsonl', `${lines.slice(0, Math.ceil(lines.length * part)).join('\n')}\n{"seq":`);
      const { status, stdout } = await inside(...resume, ...chance, 'cut.jsonl', '--json');
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ state: 'done', done: plan.steps.length, simulated: true });
      expect((await inside(...resume, ...chance, 'cut.jsonl')).stdout).toContain('is done already');
    }
    write('cut.jsonl', `${lines.slice(0, -2).join('\n')}\n`);
    const other = await inside(...resume, '--journal', 'cut.jsonl');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('journal.other-simulation');
  });

  it('rehearses planning the rest again after failures', async () => {
    const { serverName } = someLive();
    write('once.json', { formatVersion: 1, faults: [{ kind: 'running', server: serverName }] });
    const rehearse = ['--faults', 'once.json', '--rehearse', '2', '--json'];

    const replanned = await simulate(...rehearse, '--on-failure', 'replan');
    const stopped = await simulate(...rehearse);

    expect(JSON.parse(replanned.stdout)).toMatchObject({ runs: 2, done: 2 });
    expect(replanned.stderr).toBe('');
    expect(JSON.parse(stopped.stdout)).toMatchObject({ runs: 2, done: 0 });
  });

  it('tells everything that is wrong with options and files at once', async () => {
    write('bad.json', { formatVersion: 1, faults: [{ kind: 'melt', server: 'x' }] });

    const options = await simulate('--max-failures', '0', '--deadline', 'soon', '--confirm', 'me');
    const faults = await simulate('--faults', 'bad.json');
    const elsewhere = await inside('run', 'plan.json', '--faults', 'faults.json');

    expect(options.status).toBe(2);
    for (const flag of ['--max-failures', '--deadline', '--confirm']) expect(options.stderr).toContain(flag);
    expect(faults).toMatchObject({ status: 2 });
    expect(faults.stderr).toContain('faults.malformed');
    expect(elsewhere.stderr).toContain('only with --simulate');
  });

  it('knows every server and host of its faults, or says which are meant', async () => {
    const { serverName, from } = someLive();
    const faults = [
      { kind: 'running', server: `${serverName}x` },
      { kind: 'host-down', host: `${from}x`, atSeconds: 5 },
      { kind: 'running', server: serverName },
    ];
    write('unknown.json', { formatVersion: 1, faults });

    const { status, stderr } = await simulate('--faults', 'unknown.json');

    expect(status).toBe(2);
    expect(stderr).toMatch(
      /faults\.unknown: the inventory has no server of this name or id .*\$\.faults\[0\]\.server/,
    );
    expect(stderr).toMatch(/faults\.unknown: the inventory has no host of this name .*\$\.faults\[1\]\.host/);
    expect(stderr).toContain(`did you mean ${serverName}`);
    expect(stderr).toContain(`did you mean ${from}`);
    expect(stderr.match(/faults\.unknown/g)).toHaveLength(2);
  });
});

describe('planner stop and abort', () => {
  it.each(['stop', 'abort'])('%s says of a plan that was not begun how it is begun', async (what) => {
    write('unbegun.json', plan);

    const { status, stderr } = await inside(what, 'unbegun.json');

    expect(status).toBe(1);
    expect(stderr).toBe(
      `plan ${plan.id} was not begun, there is no journal ${at('unbegun.journal.jsonl')}: nothing to ${what}; ` +
        `\`planner run ${at('unbegun.json')}\` begins it\n`,
    );
  });
});

describe('planner status', () => {
  it('says how a run stands from its journal, at every line of it', async () => {
    await simulate('--journal', 'whole.jsonl', '--json');
    const lines = read('whole.jsonl').split('\n').slice(0, -1);
    const of = async (count: number, rest = '') => {
      write('part.jsonl', `${lines.slice(0, count).join('\n')}\n${rest}`);
      const { status, stdout } = await inside('status', 'plan.json', '--journal', 'part.jsonl', '--json');
      return { status, ...(JSON.parse(stdout) as RunStatus) };
    };

    expect(await of(lines.length)).toMatchObject({ status: 0, state: 'done', done: plan.steps.length });
    let done = 0;
    for (let count = 1; count < lines.length; count += 7) {
      const shown = await of(count, '{"seq":');
      expect(shown).toMatchObject({ status: 1, state: 'killed' });
      expect(shown.done).toBeGreaterThanOrEqual(done);
      done = shown.done;
    }
  });

  it('knows a run that goes on, and lets it be stopped and aborted', async () => {
    const [first = ''] = read('whole.jsonl').split('\n');
    write('now.jsonl', `${first}\n`);
    write('now.jsonl.lock', thisMachine().process);
    const journal = ['--journal', 'now.jsonl'];

    expect((await inside('status', 'plan.json', ...journal)).stdout).toContain(
      `running by process ${process.pid}`,
    );
    expect(await inside('stop', 'plan.json', ...journal)).toMatchObject({ status: 0 });
    expect(await readWish(at('now.jsonl'))).toBe('stop');
    expect(await inside('abort', 'plan.json', ...journal)).toMatchObject({ status: 0 });
    expect(await readWish(at('now.jsonl'))).toBe('abort');
  });

  it('says that there is none', async () => {
    expect(await inside('stop', 'plan.json')).toMatchObject({ status: 1 });
    expect(await inside('status', 'plan.json')).toMatchObject({ status: 2 });
  });
});

describe('a plan with a journal', () => {
  it('is not begun again, and not gone on with where there is none', async () => {
    const [first = ''] = read('whole.jsonl').split('\n');
    write('begun.jsonl', `${first.replace('"simulated":true', '"simulated":false')}\n`);

    const again = await inside('run', 'plan.json', '--cloud', 'x', '--journal', 'begun.jsonl');
    const none = await inside('resume', 'plan.json', '--cloud', 'x');
    const simulated = await inside('resume', 'plan.json', '--cloud', 'x', '--journal', 'whole.jsonl');

    expect(again.stderr).toContain('this plan has been begun');
    expect(none.stderr).toContain('there is no journal of this plan');
    expect(simulated.stderr).toContain('this is the journal of a simulation');
    for (const { status } of [again, none, simulated]) expect(status).toBe(2);
  });
});

describe('a cloud that does not answer', () => {
  it('is a problem of the cloud, and nothing is begun', async () => {
    const clouds = { clouds: { x: { auth: { auth_url: 'http://127.0.0.1:9/v3', token: 'no-token' } } } };
    write('clouds.yaml', clouds);
    const here = { env: {}, workingDirectory: folder, homeDirectory: folder };
    const words = ['run', at('plan.json'), '--cloud', 'x', '--yes', '--journal', at('none.jsonl')];

    const ended = await plannerInside(words, { surroundings: here });

    expect(ended.stderr).toMatch(/^error cloud\.\S+: Keystone cannot be reached/);
    expect(ended.status).toBe(2);
    expect(existsSync(at('none.jsonl'))).toBe(false);
    expect(existsSync(at('none.jsonl.lock'))).toBe(false);
  });
});

describe('planner rollback', () => {
  it('wants a journal, and an inventory of after the run', async () => {
    expect((await inside('rollback', 'plan.json', '--inventory', 'inventory.json')).stderr).toContain(
      'run.no-journal',
    );
    const old = await inside(
      ...['rollback', 'plan.json', '--inventory', 'inventory.json', '--journal', 'whole.jsonl'],
    );

    expect(old).toMatchObject({ status: 2 });
    expect(old.stderr).toContain('rollback.inventory-too-old');
  });

  it('has nothing to do where everything is where it was', async () => {
    const inventory = JSON.parse(read('inventory.json')) as object;
    write('later.json', { ...inventory, capturedAt: '2026-12-31T00:00:00Z' });

    const later = await inside(
      ...['rollback', 'plan.json', '--inventory', 'later.json', '--journal', 'whole.jsonl'],
    );

    expect(later).toMatchObject({ status: 0, stdout: 'nothing to do: everything is where it was\n' });
  });

  it('gives the command that reverts what waits for a confirmation', async () => {
    const { server } = someLive();
    const inventory = JSON.parse(read('inventory.json')) as { servers: { id: string }[] };
    const servers = inventory.servers.map((one) =>
      one.id === server ? { ...one, status: 'VERIFY_RESIZE', vmState: 'resized' } : one,
    );
    write('waits.json', { ...inventory, servers, capturedAt: '2026-12-31T00:00:00Z' });
    const back = (file: string) =>
      inside('rollback', file, '--inventory', 'waits.json', '--journal', 'whole.jsonl');

    const { status, stderr } = await back('plan.json');

    expect(status).toBe(1);
    expect(stderr).toContain(`\n  openstack server migrate revert -- ${server}\n`);
    expect(stderr).toContain('import the cloud again');
  });
});

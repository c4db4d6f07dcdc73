import { beforeAll, describe, expect, it } from 'vitest';
import { folder, importRecording, planner, plannerInside } from './run-planner.ts';
import type { Explanation } from '../../src/planning/explain/explanation.ts';

beforeAll(() => {
  importRecording();
});

const inside = (...words: readonly string[]) =>
  plannerInside(['explain', ...words, '--inventory', `${folder}/inventory.json`]);

describe('planner explain', () => {
  it('says where a server could go and why not elsewhere; 0 when some host takes it', () => {
    const { status, stdout, stderr } = planner('explain', 'web-02');

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^web-02 \(bc654834-\S+\) on kvm-b05: ACTIVE, flavor g1\.large/);
    expect(stdout).toContain('\n1 of 11 hosts takes it\n  1 host (live, storage block): kvm-a05\n');
    expect(stdout).toContain(
      '\n  1 host: kvm-b04\n    - requested-az: is in availability zone az-south, the server asked for az-north\n',
    );
    expect(stdout).toContain('\nwith --allow cold: 2 hosts more: kvm-a04, kvm-a06\n');
  });

  it('ends with 1 when no host takes it', async () => {
    const { status, stdout } = await inside('sig-1');

    expect(status).toBe(1);
    expect(stdout).toContain('  - live: server-state: server sig-1: locked: vendor support case 4711\n');
    expect(stdout).toContain('\nnone of 11 hosts takes it\n');
  });

  it('takes a whole id, or the beginning of one', async () => {
    const byName = await inside('web-02');

    expect(await inside('bc654834')).toEqual(byName);
    expect(await inside('bc654834-9b1a-4a36-8232-022f1cfd6a12')).toEqual(byName);
  });

  it('asks one host with --to, and obeys --allow', async () => {
    const no = await inside('ml-train-1', '--to', 'kvm-a02');
    const yes = await inside('ml-train-1', '--to', 'kvm-a02', '--allow', 'cold');

    expect(no.status).toBe(1);
    expect(no.stdout).toContain('\nwith --allow cold: yes\n');
    expect(yes.status).toBe(0);
    expect(yes.stdout).toContain('\nkvm-a02, cold: yes, storage block; NUMA cell 0: 8 pinned CPUs\n');
  });

  it('gives the same as JSON', async () => {
    const { status, stdout } = await inside('sgw-1', '--json');
    const result = JSON.parse(stdout) as Explanation;

    expect(status).toBe(0);
    expect(result.server).toMatchObject({ name: 'sgw-1', host: 'kvm-a04' });
    expect(result.ways).toEqual([{ method: 'live', storage: 'block', accepted: 2, everywhere: [] }]);
    expect(result.hosts).toHaveLength(11);
    expect(result.hosts.find(({ host }) => (host as string) === 'kvm-b01')).toMatchObject({
      verdict: 'no',
      method: 'live',
      refusals: [
        {
          rule: 'capacity',
          text: 'host kvm-b01: 42 of 40 PCPU',
          measured: 42,
          limit: 40,
          unit: 'PCPU',
          where: 'kvm-b01',
        },
        { rule: 'numa-fit', measured: 4, limit: 2, unit: 'cpus', where: 'kvm-b01 NUMA cell 0' },
      ],
      assumptions: [{ rule: 'storage-pool' }],
      warnings: [],
    });
    expect(result.groups.flatMap(({ hosts }) => hosts)).toHaveLength(11);
  });

  it('names candidates of an ambiguous name, and near matches of an unknown one', async () => {
    const ambiguous = await inside('8');
    const unknown = await inside('web-1');

    expect(ambiguous.status).toBe(2);
    expect(ambiguous.stderr).toMatch(/error usage\.option: \d+ servers may be meant \(at SERVER, value 8\)/);
    expect(ambiguous.stderr).toContain('8639af77-5cab-40c8-a0b8-8516aa1ae740 (fin-app-2 on kvm-b05)');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/no server of this name or id[^\n]*\n {2}hint: did you mean web-0/);
  });

  it('tells everything that is wrong at once', async () => {
    const { status, stdout, stderr } = await inside(
      'nope',
      '--to',
      'kvm-a99',
      '--release',
      'zeb',
      '--allow',
      'cald',
    );

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect([...stderr.matchAll(/\(at ([^,]+),/g)].map(([, place]) => place)).toEqual([
      '--release',
      '--allow',
      'SERVER',
      '--to',
    ]);
  });
});

describe('planner explain --plan', () => {
  const traced = (server: string, ...words: readonly string[]) =>
    inside(server, '--plan', `${folder}/plan.json`, ...words);

  beforeAll(() => {
    planner('rebalance', '--goal', 'repair', '--effort', '5');
  });

  it('says why a server moves, why there, why then, what the second best would cost, and its way back', async () => {
    const { status, stdout } = await traced('cache-3');

    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^cache-3 \(\S+\) goes from kvm-a05 to kvm-\w+ in plan [0-9a-f]{12}\s\(goal repair\)\n/,
    );
    expect(stdout).toContain('\nwhy it moves\n  - restores spread of group cache-aa2\n');
    expect(stdout).toContain('\n  - second best: none, no other host took it at that instant\n');
    expect(stdout).toMatch(/\nwhy then\n {2}- at the start of the plan, for /);
    expect(stdout).toContain('\nits way back\n  - ');
  });

  it('says why a server stays', async () => {
    const { status, stdout } = await traced('sig-1', '--json');

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ legs: [], stays: { notDone: { rule: 'server-state' } } });
  });

  it('refuses options that the plan brings with it, all at once', async () => {
    const { status, stderr } = await traced('sig-1', '--allow', 'cold', '--to', 'kvm-a01');

    expect(status).toBe(2);
    expect(stderr).toContain('a plan is judged by its own options (at --to, value kvm-a01)');
    expect(stderr).toContain('a plan is judged by its own options (at --allow, value cold)');
  });
});

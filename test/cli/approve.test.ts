import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Approval } from '../../src/execute/approval/approval.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { folder, importRecording, plannerInside } from './run-planner.ts';

const at = (name: string): string => join(folder, name);
const inside = (...words: readonly string[]) =>
  plannerInside(words.map((word) => (/^[a-z-]+\.(json|key|pem|jsonl)$/.test(word) ? at(word) : word)));
const run = (...words: readonly string[]) =>
  inside('run', 'plan.json', '--simulate', '--inventory', 'inventory.json', ...words);

/** A key pair as `NAME.key` and `NAME.pem`. */
function makeKey(name: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const shown = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writeFileSync(at(`${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(at(`${name}.pem`), `${name} of operations\n${shown}`);
}

beforeAll(async () => {
  importRecording();
  await inside(
    'rebalance',
    '--goal',
    'consolidate',
    '--allow',
    'cold',
    '--inventory',
    'inventory.json',
    '--out',
    'plan.json',
  );
  for (const name of ['ada', 'bob']) makeKey(name);
});

describe('planner approve', () => {
  it('lets a plan be carried out that needs an approval, and no other plan', async () => {
    const before = await run('--require-approval-by', 'ada.pem');
    const approved = await inside(
      'approve',
      'plan.json',
      '--key',
      'ada.key',
      '--yes',
      '--comment',
      'ok',
      '--json',
    );
    const after = await run('--require-approval-by', 'ada.pem');
    const plan = readFileSync(at('plan.json'), 'utf8');
    writeFileSync(at('plan.json'), `${plan} `);
    const changed = await run('--require-approval-by', 'ada.pem');
    writeFileSync(at('plan.json'), plan);

    expect(before).toMatchObject({ status: 1 });
    expect(before.stderr).toContain('error approval.lacking');
    expect(before.stderr).toContain('one of ada of operations (SHA256:');
    expect(approved.status).toBe(0);
    expect(JSON.parse(approved.stdout)).toMatchObject({
      kind: 'approval',
      comment: 'ok',
    } satisfies Partial<Approval>);
    expect(after.status).toBe(0);
    expect(changed.status).toBe(1);
    expect(changed.stderr).toContain('for other bytes than those of this plan');
  });

  it('counts nobody for two', async () => {
    const twice = ['--require-approval-by', 'ada.pem', '--require-approval-by', 'bob.pem'];
    await inside('approve', 'plan.json', '--key', 'ada.key', '--yes');
    const one = await run(...twice);
    await inside('approve', 'plan.json', '--key', 'bob.key', '--yes');
    const both = await run(...twice);

    expect(one.status).toBe(1);
    expect(one.stderr).toContain('nobody of');
    expect(both.status).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('plan.approval-'))).toHaveLength(2);
  });

  it('takes approvals from elsewhere, and tells which do not count', async () => {
    await inside('approve', 'plan.json', '--key', 'bob.key', '--yes', '-o', 'elsewhere.json');
    const named = await run('--require-approval-by', 'bob.pem', '--approval', 'elsewhere.json');
    const wrong = await run('--require-approval-by', 'ada.pem', '--approval', 'elsewhere.json');

    expect(named.status).toBe(0);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain('by a key that none of the files has');
  });

  it('is needed of the plan for the rest, where a run goes on with one', async () => {
    const plan = JSON.parse(readFileSync(at('plan.json'), 'utf8')) as Plan;
    const [server] = plan.steps.flatMap((step) => (step.kind === 'live' ? [step.serverName] : []));
    const faults = { formatVersion: 1, faults: [{ kind: 'running', server }] };
    writeFileSync(at('faults.json'), JSON.stringify(faults));
    const journal = ['--journal', 'again.jsonl'];
    await run('--faults', 'faults.json', '--on-failure', 'replan', ...journal);
    await inside('approve', 'plan.json', '--key', 'ada.key', '--yes');
    const resume = () =>
      inside(
        ...['resume', 'plan.json', '--simulate', '--inventory', 'inventory.json', '--faults', 'faults.json'],
        ...[...journal, '--require-approval-by', 'ada.pem'],
      );

    const before = await resume();
    await inside('approve', at('again.replan-1.json'), '--key', 'ada.key', '--yes');
    const after = await resume();

    expect(before.status).toBe(1);
    expect(before.stderr).toContain('again.replan-1.json');
    expect(before.stderr).toContain('again.replan-1.json');
    expect(after.status).toBe(0);
  });

  it('asks nobody who is not there, and has nothing approved by a plan that is made on the way', async () => {
    const asked = await inside('approve', 'plan.json', '--key', 'ada.key', '-o', 'asked.json');
    const replan = await run('--require-approval-by', 'ada.pem', '--on-failure', 'replan');

    expect(asked).toMatchObject({ status: 2 });
    expect(asked.stderr).toContain('nobody is there to ask');
    expect(existsSync(at('asked.json'))).toBe(false);
    expect(replan.status).toBe(2);
    expect(replan.stderr).toContain('nobody would have approved the plan for the rest');
  });

  it('tells all that is wrong at once, and writes over neither plan nor key', async () => {
    writeFileSync(at('broken.json'), '{');
    const broken = await inside('approve', 'broken.json', '--key', 'plan.json', '--yes');
    const over = await inside('approve', 'plan.json', '--key', 'ada.key', '--yes', '-o', 'ada.key');
    const garbage = await run('--require-approval-by', 'plan.json', '--require-approval-by', 'ada.key');

    expect(broken.status).toBe(2);
    expect(broken.stderr).toContain('plan.not-json');
    expect(broken.stderr).toContain('approval.key');
    expect(over.status).toBe(2);
    expect(readFileSync(at('ada.key'), 'utf8')).toContain('PRIVATE KEY');
    expect(garbage.status).toBe(2);
    expect(garbage.stderr.match(/approval\.key/g)).toHaveLength(2);
    expect(garbage.stderr).not.toContain(readFileSync(at('ada.key'), 'utf8').split('\n')[1]);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { folder, importRecording, planner } from './run-planner.ts';

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const planIn = (name: string): Plan => JSON.parse(read(name)) as Plan;

/** The imported cloud as if its compute services were of other versions. */
function withServiceVersions(name: string, version: number): void {
  const text = read('inventory.json').replaceAll(/"version": ?64/g, `"version": ${version}`);
  expect(text).not.toBe(read('inventory.json'));
  writeFileSync(join(folder, name), text);
}

const balance = ['rebalance', '--goal', 'balance', '--max-moves', '1'];

beforeAll(() => {
  importRecording();
});

describe('--release', () => {
  it('is told by the inventory, and the plan carries what it was judged by', () => {
    expect(planner(...balance, '--out', 'derived.json')).toMatchObject({ status: 0, stderr: '' });
    const { profile, release } = planIn('derived.json').basedOn;

    expect(profile).toBe('zed');
    expect(release).toMatchObject({
      novaMajors: [26],
      switches: { cellChoice: 'nova', emptyForPinned: 'off' },
    });
    expect(planner('verify', 'derived.json')).toMatchObject({ status: 0, stderr: '' });
  });

  it('warns of a name that contradicts the inventory, on standard error and in the plan', () => {
    const words =
      'profile latest is of Nova 33 (2026.1), but nova-compute service version 64 is of Nova 26 (Zed); the profile is used as named';
    const warned = `warning plan.release-contradicts: ${words}\n  hint: leave out --release, or make sure that it is this cloud\n`;
    const { status, stderr } = planner(...balance, '--release', 'latest', '--out', 'latest.json');

    expect(status).toBe(0);
    expect(stderr).toBe(warned);
    expect(planIn('latest.json').basedOn.profile).toBe('latest');
    expect(planIn('latest.json').warnings).toContainEqual({
      code: 'plan.release-contradicts',
      text: words,
      steps: [],
    });
    expect(planner('verify', 'latest.json')).toMatchObject({
      status: 0,
      stderr: warned,
    });
  });

  it('holds the stricter where several releases fit, and verifies such a plan without knowing its name', () => {
    withServiceVersions('doubtful.json', 66);
    const options = ['--inventory', 'doubtful.json'];
    const { status, stderr } = planner(...balance, ...options, '--out', 'doubt.json');

    expect(status).toBe(0);
    expect(stderr).toContain(
      'warning plan.release-ambiguous: nova-compute service version 66 may be Nova 27, 28, 29 and 30: vgpuLive is refused on Nova 27 and 28, allowed on Nova 29 and 30; the stricter holds (refused).',
    );
    const { basedOn, warnings } = planIn('doubt.json');
    expect(basedOn).toMatchObject({
      profile: 'nova-27-30',
      release: { novaMajors: [27, 28, 29, 30], switches: { vgpuLive: 'refused' } },
    });
    expect(warnings.filter(({ code }) => code === 'plan.release-ambiguous')).toHaveLength(2);
    expect(planner('verify', 'doubt.json', ...options)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is derived by check too, and refuses names that nobody knows', () => {
    withServiceVersions('old.json', 5);

    expect(planner('check', '--inventory', 'old.json').stderr).toContain('warning plan.release-unknown: ');
    expect(planner('check', '--inventory', 'old.json', '--release', 'zed').stderr).toContain(
      'nova-compute service version 5 is of no release that planner knows',
    );
    const { status, stderr } = planner('check', '--release', 'zedd');
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean zed?');
  });
});

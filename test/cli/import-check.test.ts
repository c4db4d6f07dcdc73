import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, planner, recording } from './run-planner.ts';

describe('planner import', () => {
  it('writes the inventory and says what it found', () => {
    const { status, stdout, stderr } = planner('import', '--from', recording, '-o', 'cloud.json');

    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^12 hosts and 89 servers as of \S+; written to cloud\.json\n/);
    expect(stdout).toMatch(/^rules +judged\nflavors +exactly\nhost state +exactly$/m);
    expect(JSON.parse(readFileSync(join(folder, 'cloud.json'), 'utf8'))).toMatchObject({ formatVersion: 1 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('gives the same facts as JSON, and the same bytes each time', () => {
    const json = planner('import', '--from', recording, '-o', 'again.json', '--json');
    const piped = planner('import', '--from', recording, '-o', '-');

    expect(JSON.parse(json.stdout)).toMatchObject({ hosts: 12, servers: 89 });
    expect(piped.stdout).toBe(readFileSync(join(folder, 'again.json'), 'utf8'));
    expect(piped.stderr).toMatch(/^12 hosts and 89 servers/);
  });

  it('writes what can be read again, gzipped or not', () => {
    planner('import', '--from', recording, '-o', 'cloud.json.gz');

    expect(planner('check', '--inventory', 'cloud.json.gz')).toEqual(
      planner('check', '--inventory', 'cloud.json'),
    );
  });

  it('refuses a folder with no recording, and leaves the old inventory alone', () => {
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'old.json'), 'old');

    const { status, stdout, stderr } = planner('import', '--from', 'empty', '-o', 'old.json');

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error inventory\.no-hosts: /);
    expect(readFileSync(join(folder, 'old.json'), 'utf8')).toBe('old');
  });

  it('writes to a device and leaves it one', () => {
    expect(planner('import', '--from', recording, '-o', '/dev/null').status).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('refuses a place that cannot be written', () => {
    const { status, stderr } = planner('import', '--from', recording, '-o', 'no-such-folder/cloud.json');

    expect(status).toBe(2);
    expect(stderr).toMatch(/^error inventory\.unwritable: /);
  });
});

describe('planner check', () => {
  it('says which hosts could not be lost, and who would find no room', () => {
    planner('import', '--from', recording, '-o', 'cloud.json');
    const { status, stdout } = planner('check', '--inventory', 'cloud.json', '--survive-host-loss');

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^survive-host-loss \(3\)\n {2}- if host kvm-a02 is lost, 1 server \(32768 MiB\) finds no room on the other hosts: ml-train-2$/m,
    );
    expect(stdout).toMatch(/^warning survive-host-loss \(1\)\n {2}- 10 servers could not be evacuated/m);
    expect(planner('check', '--inventory', 'cloud.json').stdout).not.toContain('survive-host-loss');
  });

  it('lists the rules that the recorded cloud breaks, and ends with 1', () => {
    const { status, stdout, stderr } = planner('check', '--inventory', 'cloud.json');

    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toContain('among 12 hosts and 89 servers');
    for (const name of ['web-02', 'search-1', 'app-pair', 'cache-aa2', 'db-aa'])
      expect(stdout).toContain(name);
  });

  it('gives the same violations as JSON', () => {
    const { status, stdout } = planner('check', '--inventory', 'cloud.json', '--json');
    const result = JSON.parse(stdout) as {
      violations: { rule: string; servers: { name: string }[]; limit: number; measured: number }[];
    };

    expect(status).toBe(1);
    expect(result.violations.filter(({ rule }) => rule === 'anti-affinity')).toMatchObject([
      {
        measured: 3,
        limit: 2,
        servers: expect.arrayContaining([expect.objectContaining({ name: 'cache-1' })]) as unknown,
      },
      { measured: 2, limit: 1 },
    ]);
  });
});

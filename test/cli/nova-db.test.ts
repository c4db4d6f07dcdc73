import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, plannerInside, recording } from './run-planner.ts';

const password = 'sesame-of-nova';

/** Nobody listens on port 1. */
const url = `mysql+pymysql://nova:${password}@127.0.0.1:1/nova`;

/** The recorded cloud without rows. */
function withoutRows(): string {
  const copy = join(folder, 'without-rows');
  cpSync(join(recording, 'api'), join(copy, 'api'), { recursive: true });
  return copy;
}

describe('planner import --nova-db', () => {
  it('says that a database cannot be reached and what to do, and never shows the password', async () => {
    const ran = await plannerInside(['import', '--from', withoutRows(), '--nova-db', url, '-o', 'x.json']);

    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(
      'error nova-db.unreachable: the database mysql://nova@127.0.0.1:1/nova cannot be reached',
    );
    expect(ran.stderr).toContain('hint: check host and port');
    expect(ran.stdout + ran.stderr).not.toContain(password);
  });

  it('names every database that is not there', async () => {
    const other = 'postgresql://nova@127.0.0.1:1/nova_cell2?sslmode=disable';

    const ran = await plannerInside([
      ...['import', '--from', withoutRows(), '--nova-db', url, '--nova-db', other],
      ...['-o', 'x.json'],
    ]);

    expect(ran.stderr.match(/error nova-db\.unreachable/g)).toHaveLength(2);
  });

  it('is refused beside rows that were recorded, and a password that nobody needs', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, `${password}\n`);
    const beside = await plannerInside(['import', '--from', recording, '--nova-db', url]);
    const needless = await plannerInside(['import', '--from', recording, '--nova-db-password-file', file]);

    expect([beside.status, needless.status]).toEqual([2, 2]);
    expect(beside.stderr).toContain("this recording has rows of Nova's database already");
    expect(needless.stderr).toContain('nobody is asked');
  });

  it('is what PLANNER_NOVA_DB says for commands that read a cloud by the way', async () => {
    const directory = join(folder, 'with-a-cloud');
    mkdirSync(directory);
    const auth = { auth_url: 'http://127.0.0.1:1', username: 'u', password: 'p', project_name: 'p' };
    writeFileSync(join(directory, 'clouds.yaml'), JSON.stringify({ clouds: { near: { auth } } }));
    const env = { PLANNER_NOVA_DB: `${url}  postgresql://nova@127.0.0.1:1/cell2` };
    const surroundings = { env, workingDirectory: directory, homeDirectory: directory };

    const ran = await plannerInside(['check', '--cloud', 'near'], { surroundings });

    expect(ran.status).toBe(2);
    expect(ran.stderr.match(/error nova-db\.unreachable/g)).toHaveLength(2);
    expect(ran.stderr).not.toContain(password);
  });

  it('refuses an address that is none without showing it', async () => {
    mkdirSync(join(folder, 'empty'));

    const ran = await plannerInside([
      ...['import', '--from', join(folder, 'empty'), '--nova-db', `nova:${password}@db`],
    ]);

    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('error usage.option: no address of a database (at --nova-db)');
    expect(ran.stderr).not.toContain(password);
  });
});

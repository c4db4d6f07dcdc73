import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { password, region, url } from './support/configuration.ts';
import { type Lab, openLab } from './support/lab.ts';
import { places, runFile } from './support/places.ts';
import { importedCloud, makePlan } from './support/planned.ts';
import { plannerWith, saidFolder } from './support/planner.ts';
import { runningPorts } from './support/running-lab.ts';
import { size } from './support/size.ts';

const secrets = {
  password,
  'a wrong password': 'shut-sesame',
  'the secret of an application credential': 'sesame-of-the-application',
  'a wrong secret': 'sesame-of-nobody',
} as const;
/** Keystone's tokens: a version, then what is encrypted. */
const token = /gAAAAA[\w-]{20,}/;

/** What an operator may keep, print or send to somebody: read after all other tests have written theirs. */
describe('no secret is told', () => {
  let lab: Lab;
  let folder: string;

  beforeAll(async () => {
    lab = await openLab();
    folder = await drainPlan();
    writeFileSync(join(folder, 'clouds.yaml'), await everyKindOfCloud(lab));
  });

  /** A folder with a plan that drains the first host. */
  async function drainPlan(): Promise<string> {
    const [host = ''] = Object.keys(lab.hosts.hosts);
    await lab.enableHosts();
    const planned = await importedCloud(lab);
    await makePlan(planned, 'drain', host, '--allow', 'cold', '--re-enable');
    return planned;
  }

  const withClouds = (...args: readonly string[]) =>
    plannerWith(
      { OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml'), PLANNER_DEBUG: '1', COLUMNS: '200' },
      folder,
      ...args,
    );

  it.each<readonly [string, number]>([
    ['password', 0],
    ['application', 0],
    ['token', 0],
    ['wrong-password', 2],
    ['wrong-application', 2],
    ['wrong-token', 2],
    ...(size.full ? [['nowhere', 2] as const] : []), // asked again for most of a minute
  ])('by an import with %s', async (cloud, code) => {
    const ended = await withClouds('import', '--cloud', cloud, '-o', `${cloud}.json`, '--quiet');

    expect(ended.code, ended.stderr).toBe(code);
    expect(secretsIn(`${ended.stdout}${ended.stderr}`)).toEqual([]);
  });

  it.each<readonly [string, number]>([
    ['wrong-password', 2],
    ['wrong-application', 2],
    ['nowhere', 2],
    ['application', 0],
    ['token', 0],
  ])('by a run with %s, its status and its journal', async (cloud, code) => {
    const planned = cloud === 'token' ? await drainPlan() : folder;
    const [plan, journal] = ['plan.json', ['--journal', `${cloud}.journal.jsonl`]];
    const env = { OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml'), PLANNER_DEBUG: '1' };

    const ran = await plannerWith(env, planned, 'run', plan, '--cloud', cloud, '--yes', '--json', ...journal);
    const status = await plannerWith(env, planned, 'status', plan, '--json', ...journal);

    expect(ran.code, ran.stderr).toBe(code);
    expect(secretsIn(JSON.stringify([ran, status]))).toEqual([]);
  });

  it('by anything that a command of these tests has written', () => {
    const files = [...filesBelow(saidFolder), ...workFiles()];

    const telling = files.flatMap((file) =>
      secretsIn(readFileSync(file, 'utf8')).map((what) => `${relative(places.run, file)}: ${what}`),
    );

    expect(telling).toEqual([]);
    const names = new Set(files.map((file) => basename(file)));
    for (const name of ['inventory.json', 'plan.json', 'token.journal.jsonl', '0000'])
      expect(names).toContain(name);
  });

  it('and they would be found', () => {
    const kept = readFileSync(join(folder, 'clouds.yaml'), 'utf8');

    expect(secretsIn(kept).toSorted()).toEqual([...Object.keys(secrets), 'a token'].toSorted());
  });
});

const secretsIn = (text: string): readonly string[] => [
  ...Object.entries(secrets).flatMap(([what, secret]) => (text.includes(secret) ? [what] : [])),
  ...(token.test(text) ? ['a token'] : []),
];

/** What commands have written in the folders of tests; the recording and clouds.yaml are what they were given. */
const workFiles = (): readonly string[] =>
  readdirSync(places.run)
    .filter((name) => name.startsWith('work-'))
    .flatMap((name) => filesBelow(runFile(name)))
    .filter((file) => !file.includes('/recording/') && basename(file) !== 'clouds.yaml');

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function everyKindOfCloud(lab: Lab): Promise<string> {
  const id = await applicationCredential(lab);
  const users = { username: 'admin', user_domain_id: 'default' };
  const project = { project_name: 'admin', project_domain_id: 'default' };
  const withSecret = (secret: string) => ({
    auth_type: 'v3applicationcredential',
    auth: { application_credential_id: id, application_credential_secret: secret },
  });
  const withToken = (value: string) => ({ auth_type: 'v3token', auth: { token: value, ...project } });
  const withPassword = (word: string) => ({ auth: { ...users, password: word, ...project } });
  const here = `${url(runningPorts().keystone)}/v3`;
  const clouds = {
    password: withPassword(password),
    'wrong-password': withPassword(secrets['a wrong password']),
    application: withSecret(secrets['the secret of an application credential']),
    'wrong-application': withSecret(secrets['a wrong secret']),
    token: withToken(lab.admin.token),
    'wrong-token': withToken(`${lab.admin.token.slice(0, -8)}AAAAAAAA`),
    nowhere: withPassword(password),
  };
  return JSON.stringify({
    clouds: Object.fromEntries(
      Object.entries(clouds).map(([name, { auth, ...rest }]) => [
        name,
        {
          ...rest,
          region_name: region,
          auth: { ...auth, auth_url: name === 'nowhere' ? 'http://127.0.0.1:9/v3' : here },
        },
      ]),
    ),
  });
}

async function applicationCredential({ admin }: Lab): Promise<string> {
  const { users } = await admin.read(
    'identity',
    '/users?name=admin',
    z.object({ users: z.array(z.object({ id: z.string() })) }),
  );
  const made = await admin.change(
    'identity',
    'POST',
    `/users/${users[0]?.id ?? ''}/application_credentials`,
    {
      application_credential: {
        name: 'lab',
        secret: secrets['the secret of an application credential'],
      },
    },
  );
  return z.object({ application_credential: z.object({ id: z.string() }) }).parse(made).application_credential
    .id;
}

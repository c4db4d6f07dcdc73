import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseCloud } from '../../src/openstack/config/choose-cloud.ts';
import { credentialsOf } from '../../src/openstack/config/credentials-of.ts';
import type { Surroundings } from '../../src/openstack/config/read-files.ts';
import { Secret } from '../../src/openstack/secret.ts';
import { InputError } from '../../src/shared/diagnostic.ts';

/** A home and a working directory of these files. */
function placeWith(files: Readonly<Record<string, string>>, env: Surroundings['env'] = {}): Surroundings {
  const root = mkdtempSync(join(tmpdir(), 'planner-clouds-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const file = env['OS_CLIENT_CONFIG_FILE'];
  return {
    env: {
      ...env,
      XDG_CONFIG_DIRS: join(root, 'xdg'),
      ...(file !== undefined && { OS_CLIENT_CONFIG_FILE: join(root, file) }),
    },
    workingDirectory: join(root, 'here'),
    homeDirectory: join(root, 'home'),
  };
}

function credentialsIn(at: Surroundings, name?: string) {
  const cloud = chooseCloud(name, at);
  if (cloud === undefined) throw new Error('no cloud');
  return credentialsOf(cloud);
}

function problemsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof InputError)
      return error.diagnostics.map(({ code, summary }) => `${code}: ${summary}`);
    throw error;
  }
}

const lab = `clouds:
  lab:
    auth:
      auth_url: https://keystone.example:5000
      username: ann
      password: from-clouds
      project_name: ops
      user_domain_name: Default
      project-domain-name: Default
    region_name: R1
`;

describe('clouds.yaml', () => {
  it('is read from the working directory before the home, as every client does', () => {
    const at = placeWith({
      'here/clouds.yaml': lab,
      'home/.config/openstack/clouds.yaml': lab.replace('ann', 'bob'),
    });

    expect(credentialsIn(at, 'lab')).toEqual({
      name: 'lab',
      authUrl: 'https://keystone.example:5000',
      method: {
        kind: 'password',
        user: { name: 'ann', domain: { name: 'Default' } },
        password: new Secret('from-clouds'),
        scope: { kind: 'project', project: { name: 'ops', domain: { name: 'Default' } } },
      },
      region: 'R1',
      interface: 'public',
      tls: { verify: true },
      endpoints: {},
      interfaces: {},
    });
    expect(credentialsIn(at)).toMatchObject({ name: 'lab', method: { user: { name: 'ann' } } });
  });

  it.each([
    ['home/.config/openstack/clouds.yml', {}],
    ['xdg/openstack/clouds.yaml', {}],
    ['elsewhere.yaml', { OS_CLIENT_CONFIG_FILE: 'elsewhere.yaml' }],
  ])('is found as %s', (name, env) => {
    expect(credentialsIn(placeWith({ [name]: lab }, env), 'lab').region).toBe('R1');
  });

  it('is laid over by secure.yaml, wherever that is', () => {
    const at = placeWith({
      'here/clouds.yaml': lab,
      'home/.config/openstack/secure.yaml': 'clouds: {lab: {auth: {password: from-secure}}}',
    });
    const { method } = credentialsIn(at, 'lab');

    expect(method.kind === 'password' && method.password.reveal()).toBe('from-secure');
  });

  it('lies over a profile of clouds-public.yaml', () => {
    const at = placeWith({
      'here/clouds.yaml':
        'clouds: {mine: {profile: big, auth: {username: ann, password: x, project_name: p}, cacert: /ca.pem}}',
      'here/clouds-public.yaml':
        'public-clouds: {big: {auth: {auth_url: "https://big.example/v3"}, interface: internal, regions: [A, {name: B, values: {compute_endpoint_override: "https://nova.b"}}]}}',
    });

    expect(credentialsIn(at, 'mine')).toMatchObject({
      authUrl: 'https://big.example/v3',
      region: 'A',
      interface: 'internal',
      tls: { verify: true, caFile: '/ca.pem' },
    });
    const inB = { ...at, env: { ...at.env, OS_REGION_NAME: 'B' } };
    expect(credentialsIn(inB, 'mine')).toMatchObject({
      region: 'B',
      endpoints: { compute: 'https://nova.b' },
    });
    const inC = { ...at, env: { ...at.env, OS_REGION_NAME: 'C' } };
    expect(problemsOf(() => credentialsIn(inC, 'mine'))).toEqual([
      'cloud.unknown-region: the cloud has no region of this name',
    ]);
  });

  it('may repeat itself by merge keys, as other clients read them', () => {
    const at = placeWith({
      'here/clouds.yaml': `x-auth: &auth {auth_url: "https://one.example/v3", username: ann, password: x, project_name: p}
clouds:
  two: {auth: {<<: *auth, auth_url: "https://two.example/v3"}}
`,
    });

    expect(credentialsIn(at, 'two')).toMatchObject({
      authUrl: 'https://two.example/v3',
      method: { kind: 'password', user: { name: 'ann' } },
    });
  });

  it('asks to leave certificates unchecked only where it says so', () => {
    const verifies = (line: string) =>
      credentialsIn(placeWith({ 'here/clouds.yaml': `${lab}    ${line}\n` }), 'lab').tls.verify;

    expect(['verify: true', 'insecure: false', 'verify: false', 'insecure: true'].map(verifies)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('says everything that is missing at once', () => {
    const at = placeWith({ 'here/clouds.yaml': 'clouds: {bare: {interface: outer}}' });

    expect(problemsOf(() => credentialsIn(at, 'bare'))).toEqual([
      'cloud.incomplete: cloud bare: auth_url is missing',
      'cloud.incomplete: cloud bare: username is missing',
      'cloud.incomplete: cloud bare: password is missing',
      'cloud.incomplete: cloud bare: interface outer is not known',
    ]);
  });

  it('that is no YAML is named with the line and without what stands there', () => {
    const at = placeWith({
      'here/secure.yaml': 'clouds:\n  lab:\n\tpassword: "hidden-word\n',
      'here/clouds.yaml': lab,
    });

    const problems = problemsOf(() => credentialsIn(at, 'lab'));

    expect(problems).toEqual([expect.stringMatching(/^cloud\.not-yaml: line \d is not YAML$/)]);
  });

  it('that lacks the cloud tells the ones it has', () => {
    const at = placeWith({ 'here/clouds.yaml': lab });
    try {
      credentialsIn(at, 'lap');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain('value lap');
      expect(String(error)).toContain('did you mean lab?');
    }
  });
});

describe('OS_* variables', () => {
  const variables = {
    OS_AUTH_URL: 'https://k/v3',
    OS_USERNAME: 'ann',
    OS_PASSWORD: 'p',
    OS_PROJECT_NAME: 'ops',
    OS_DOMAIN_NAME: 'D',
    OS_INTERFACE: 'internal',
    OS_ENDPOINT_TYPE: 'publicURL',
    OS_CACERT: '/ca.pem',
    OS_REGION_NAME: 'R2',
    OS_PLACEMENT_ENDPOINT_OVERRIDE: 'https://placement',
  };

  it('describe a cloud; one domain stands for user and project', () => {
    expect(credentialsIn(placeWith({}, variables))).toEqual({
      name: 'OS_*',
      authUrl: 'https://k/v3',
      method: {
        kind: 'password',
        user: { name: 'ann', domain: { name: 'D' } },
        password: new Secret('p'),
        scope: { kind: 'project', project: { name: 'ops', domain: { name: 'D' } } },
      },
      region: 'R2',
      interface: 'internal',
      tls: { verify: true, caFile: '/ca.pem' },
      endpoints: { placement: 'https://placement' },
      interfaces: {},
    });
  });

  it('describe application credentials, tokens and the whole system', () => {
    const kinds = [
      {
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_ID: 'i',
        OS_APPLICATION_CREDENTIAL_SECRET: 's',
      },
      {
        OS_APPLICATION_CREDENTIAL_NAME: 'n',
        OS_USERNAME: 'u',
        OS_USER_DOMAIN_ID: 'd',
        OS_APPLICATION_CREDENTIAL_SECRET: 's',
      },
      { OS_AUTH_TYPE: 'v3token', OS_TOKEN: 't', OS_PROJECT_ID: 'p' },
      { OS_USERNAME: 'u', OS_USER_DOMAIN_ID: 'd', OS_PASSWORD: 'p', OS_SYSTEM_SCOPE: 'all' },
    ].map((env) => credentialsIn(placeWith({}, { OS_AUTH_URL: 'https://k', ...env })).method);

    expect(kinds).toMatchObject([
      { kind: 'application-credential', credential: { id: 'i' } },
      { kind: 'application-credential', credential: { name: 'n', user: { name: 'u', domain: { id: 'd' } } } },
      { kind: 'token', scope: { kind: 'project', project: { id: 'p' } } },
      { kind: 'password', scope: { kind: 'system' } },
    ]);
  });

  it('OS_CLOUD goes before the others; a password that its file leaves out may come from them', () => {
    const at = placeWith(
      { 'here/clouds.yaml': lab.replace(/ *password.*\n/, '') },
      { ...variables, OS_CLOUD: 'lab', OS_PASSWORD: 'from-variable' },
    );
    const { method, name } = credentialsIn(at);

    expect(name).toBe('lab');
    expect(method.kind === 'password' && method.password.reveal()).toBe('from-variable');
  });

  it('that only choose describe nothing', () => {
    expect(chooseCloud(undefined, placeWith({}, { OS_REGION_NAME: 'R' }))).toBeUndefined();
  });
});

import { z } from 'zod';
import { password, region, url } from './configuration.ts';
import type { Ports } from './ports.ts';

/**
 * The administrator's own plain requests, written without the product's client: what they answer is the truth that
 * the product's answers are compared with.
 */

type Service = 'identity' | 'compute' | 'placement';
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Admin {
  readonly token: string;
  request(service: Service, method: Method, path: string, options?: RequestOptions): Promise<Answer>;
  /** The same, for a request that must succeed, its answer read by `schema`. */
  read<Value>(
    service: Service,
    path: string,
    schema: z.ZodType<Value>,
    microversion?: string,
  ): Promise<Value>;
  change(service: Service, method: Method, path: string, body?: unknown): Promise<unknown>;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly microversion?: string;
}

const newest: Record<Service, string | undefined> = {
  identity: undefined,
  compute: 'compute 2.93',
  placement: 'placement 1.39',
};

export async function createAdmin(ports: Ports, user = 'admin', project = 'admin'): Promise<Admin> {
  const base: Record<Service, string> = {
    identity: `${url(ports.keystone)}/v3`,
    compute: `${url(ports.compute)}/v2.1`,
    placement: url(ports.placement),
  };
  const token = await newToken(base.identity, user, project);

  const request: Admin['request'] = async (service, method, path, { body, microversion } = {}) => {
    const version = microversion === undefined ? newest[service] : `${service} ${microversion}`;
    const reply = await fetch(base[service] + path, {
      method,
      headers: {
        'X-Auth-Token': token,
        'Content-Type': 'application/json',
        ...(version !== undefined && { 'OpenStack-API-Version': version }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: parse(await reply.text()) };
  };

  const change: Admin['change'] = async (service, method, path, body) =>
    accepted(`${method} ${path}`, await request(service, method, path, { body }));

  return {
    token,
    request,
    change,
    read: async (service, path, schema, microversion) => {
      const answer = await request(service, 'GET', path, microversion === undefined ? {} : { microversion });
      return schema.parse(accepted(`GET ${path}`, answer));
    },
  };
}

async function newToken(identity: string, user: string, project: string): Promise<string> {
  const domain = { id: 'default' };
  const reply = await fetch(`${identity}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
        scope: { project: { name: project, domain } },
      },
    }),
  });
  const token = reply.headers.get('X-Subject-Token');
  if (token === null) throw new Error(`no token for ${user}: ${reply.status} ${await reply.text()}`);
  return token;
}

function accepted(what: string, { status, body }: Answer): unknown {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Services, users and endpoints in Keystone: what the other services need before they start. */
export async function makeIdentities(ports: Ports): Promise<void> {
  const admin = await createAdmin(ports);
  const Named = z.object({ id: z.string() });
  const create = async (kind: string, attributes: Record<string, unknown>) => {
    const made = await admin.change('identity', 'POST', `/${kind}s`, { [kind]: attributes });
    return z.record(z.string(), Named).parse(made)[kind]?.id ?? '';
  };
  const { roles } = await admin.read(
    'identity',
    '/roles',
    z.object({ roles: z.array(z.object({ id: z.string(), name: z.string() })) }),
  );

  const addUser = async (name: string, projectId: string, role: string) => {
    const user = await create('user', { name, password, domain_id: 'default' });
    const roleId = roles.find((one) => one.name === role)?.id ?? '';
    await admin.change('identity', 'PUT', `/projects/${projectId}/users/${user}/roles/${roleId}`);
  };
  const addService = async (name: string, type: string, address: string) => {
    const service_id = await create('service', { name, type });
    for (const kind of ['public', 'internal', 'admin'])
      await create('endpoint', { service_id, interface: kind, region_id: region, url: address });
  };

  const service = await create('project', { name: 'service', domain_id: 'default' });
  const demo = await create('project', { name: 'demo', domain_id: 'default' });
  await addUser('nova', service, 'admin');
  await addUser('placement', service, 'admin');
  await addUser('member', demo, 'member');
  await addService('nova', 'compute', `${url(ports.compute)}/v2.1`);
  await addService('placement', 'placement', url(ports.placement));
  await addService('glance', 'image', url(ports.image));
  await addService('neutron', 'network', url(ports.network));
}

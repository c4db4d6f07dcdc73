import { z } from 'zod';
import type { CloudProbes, ReadProbe, ServiceProbe } from '../../model/probes.ts';
import { OpenStackError } from '../../openstack/openstack-error.ts';
import { type Service, services } from '../../openstack/services.ts';
import type { Session } from '../../openstack/session.ts';
import { chooseMicroversion } from '../../openstack/microversion.ts';
import { present } from '../present.ts';

/**
 * Asks a cloud whether it answers, and for a little of everything that an import or a run reads; nothing is changed.
 * What fails is in the answer.
 */
export async function probeCloud(session: Session): Promise<CloudProbes> {
  const roles = await rolesOf(session);
  const found = await Promise.all(
    asked.map(([service, required]) => probeService(session, service, required, roles)),
  );
  const answering = new Set(
    found.filter(({ probe }) => probe.outcome === 'answers').map(({ service }) => service),
  );
  const absent = new Set(
    found.filter(({ probe }) => probe.outcome === 'absent').map(({ service }) => service),
  );
  const wanted = reads.filter(({ required, service }) => required || !absent.has(service));
  const first = await Promise.all(wanted.map((read) => probeRead(session, read, answering)));
  const ids = new Map(first.flatMap(({ id, of }) => (id === undefined ? [] : [[of, id] as const])));
  const second = await Promise.all(
    readsOfOne.map(async (read) => {
      const id = ids.get(read.after);
      if (id === undefined)
        return {
          probe: untried(read, `there is nothing to ask about: ${read.after} was empty or refused`),
        };
      return probeRead(session, { ...read, path: read.path.replace('{id}', id) }, answering);
    }),
  );
  return present({
    cloud: session.name,
    services: found.map(({ probe }) => probe),
    reads: [...first, ...second].map(({ probe }) => probe),
    roles,
  });
}

/** Services, and whether nothing goes without them. */
const asked: readonly (readonly [service: Service, required: boolean])[] = [
  ['identity', true],
  ['compute', true],
  ['placement', true],
  ['network', false],
  ['block-storage', false],
  ['image', false],
];

async function rolesOf(session: Session): Promise<readonly string[] | undefined> {
  const identity = await attempt(session.identity());
  return identity instanceof OpenStackError ? undefined : identity.roles;
}

async function probeService(
  session: Session,
  service: Service,
  required: boolean,
  roles: readonly string[] | undefined,
): Promise<{ readonly service: Service; readonly probe: ServiceProbe }> {
  const { called } = services[service];
  const told = (more: Omit<ServiceProbe, 'called' | 'required'>) => ({
    service,
    probe: { called, required, ...more },
  });
  if (service === 'identity' && roles !== undefined) return told({ outcome: 'answers' });
  const has = await attempt(session.has(service));
  if (has instanceof OpenStackError) return told(failed(has));
  if (!has) return told({ outcome: 'absent' });
  if (services[service].microversions !== undefined) {
    const range = await attempt(session.microversions(service));
    if (range instanceof OpenStackError) return told(failed(range));
    return told({ outcome: 'answers', ...(range !== undefined && { microversions: range }) });
  }
  const path = service === 'network' ? '/networks' : '/images';
  const reply = await attempt(session.request({ service, method: 'GET', path, query: { limit: 1 } }));
  // a refusal is an answer
  const answered = !(reply instanceof OpenStackError) || reply.kind === 'forbidden';
  return told(answered ? { outcome: 'answers' } : failed(reply));
}

const failed = ({ hint, message }: OpenStackError): Pick<ServiceProbe, 'outcome' | 'said' | 'hint'> => ({
  outcome: 'fails',
  said: message,
  ...(hint !== undefined && { hint }),
});

interface Read {
  readonly service: Service;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly microversion?: { readonly wanted: string; readonly least: string };
  readonly purpose: ReadProbe['purpose'];
  readonly required: boolean;
  readonly policy: string;
  /** The member with the items, of which the first gives its id. */
  readonly member?: string;
  /** What the first item must have to be of use. */
  readonly shows?: { readonly member: string; readonly policy: string };
}

const nova = { service: 'compute', microversion: { wanted: '2.87', least: '2.1' } } as const;
const forImport = { purpose: 'import', required: true } as const;

const reads: readonly Read[] = [
  { ...nova, ...forImport, path: '/os-services', policy: 'os_compute_api:os-services:list' },
  {
    ...nova,
    ...forImport,
    path: '/os-hypervisors/detail',
    policy: 'os_compute_api:os-hypervisors:list-detail',
  },
  {
    ...nova,
    ...forImport,
    path: '/servers/detail',
    query: { all_tenants: 1, limit: 1 },
    policy: 'os_compute_api:servers:detail:get_all_tenants',
    member: 'servers',
    shows: { member: 'OS-EXT-SRV-ATTR:host', policy: 'os_compute_api:os-extended-server-attributes' },
  },
  { ...nova, ...forImport, path: '/os-aggregates', policy: 'os_compute_api:os-aggregates:index' },
  { ...nova, ...forImport, path: '/os-migrations', policy: 'os_compute_api:os-migrations:index' },
  {
    ...nova,
    ...forImport,
    required: false,
    path: '/os-server-groups',
    query: { all_projects: 'True', limit: 1 },
    policy: 'os_compute_api:os-server-groups:index:all_projects',
  },
  {
    ...nova,
    ...forImport,
    required: false,
    path: '/flavors/detail',
    query: { is_public: 'None', limit: 1 },
    policy: 'os_compute_api:os-flavor-access',
  },
  {
    ...forImport,
    service: 'placement',
    microversion: { wanted: '1.39', least: '1.14' },
    path: '/resource_providers',
    policy: 'placement:resource_providers:list',
    member: 'resource_providers',
  },
  { ...forImport, required: false, service: 'network', path: '/agents', policy: 'get_agent' },
];

/** Reads about one thing, whose id an earlier read told. */
const readsOfOne: readonly (Read & { readonly after: string })[] = [
  {
    ...nova,
    ...forImport,
    required: false,
    after: '/servers/detail',
    path: '/servers/{id}/topology',
    microversion: { wanted: '2.78', least: '2.78' },
    policy: 'compute:server:topology:index',
  },
  {
    ...nova,
    purpose: 'run',
    required: true,
    after: '/servers/detail',
    path: '/servers/{id}/os-instance-actions',
    policy: 'os_compute_api:os-instance-actions:list',
  },
  {
    ...nova,
    purpose: 'run',
    required: true,
    after: '/servers/detail',
    path: '/servers/{id}/migrations',
    microversion: { wanted: '2.80', least: '2.23' },
    policy: 'os_compute_api:servers:migrations:index',
  },
  {
    ...forImport,
    service: 'placement',
    microversion: { wanted: '1.39', least: '1.14' },
    after: '/resource_providers',
    path: '/resource_providers/{id}/allocations',
    policy: 'placement:resource_providers:allocations:list',
  },
];

interface Probed {
  readonly probe: ReadProbe;
  readonly of: string;
  readonly id?: string;
}

async function probeRead(session: Session, read: Read, answering: ReadonlySet<Service>): Promise<Probed> {
  const { microversion, path, query, service } = read;
  if (!answering.has(service)) return { of: path, probe: untried(read, 'its service does not answer') };
  const offered = microversion === undefined ? undefined : await attempt(session.microversions(service));
  const chosen =
    microversion === undefined || offered instanceof OpenStackError
      ? undefined
      : chooseMicroversion(offered, microversion.wanted, microversion.least);
  if (microversion !== undefined && chosen === undefined)
    return { of: path, probe: untried(read, `needs microversion ${microversion.least}`) };
  const reply = await attempt(
    session.request({
      service,
      method: 'GET',
      path,
      ...(chosen !== undefined && { microversion: chosen }),
      ...(query !== undefined && { query }),
    }),
  );
  if (reply instanceof OpenStackError) return { of: path, probe: refusedBy(read, reply) };
  const [first] = itemsOf(reply.body, read.member);
  const id = first?.['uuid'] ?? first?.['id'];
  const { shows } = read;
  if (shows !== undefined && first === undefined)
    return { of: path, probe: untried(read, `there is no server that could show ${shows.policy}`) };
  const hidden = shows !== undefined && first !== undefined && first[shows.member] === undefined;
  return {
    of: path,
    probe: {
      ...namesOf(read),
      outcome: hidden ? 'hidden' : 'allowed',
      ...(hidden && { policy: shows.policy }),
    },
    ...(typeof id === 'string' && { id }),
  };
}

const Items = z.array(z.record(z.string(), z.unknown()));

const itemsOf = (body: unknown, member: string | undefined): z.infer<typeof Items> =>
  member === undefined
    ? []
    : (Items.safeParse(z.record(z.string(), z.unknown()).safeParse(body).data?.[member]).data ?? []);

const namesOf = ({ path, policy, purpose, required, service }: Read) => ({
  called: services[service].called,
  call: `GET ${path}`,
  purpose,
  required,
  policy,
});

const untried = (read: Read, said: string): ReadProbe => ({ ...namesOf(read), outcome: 'not-tried', said });

const refusedBy = (read: Read, { kind, message, policy }: OpenStackError): ReadProbe => ({
  ...namesOf(read),
  outcome: kind === 'forbidden' ? 'forbidden' : 'fails',
  said: message,
  ...(policy !== undefined && { policy }),
});

/** The answer, or why there is none; what is not about the cloud is handed on. */
async function attempt<Value>(work: Promise<Value>): Promise<Value | OpenStackError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OpenStackError && error.kind !== 'aborted') return error;
    throw error;
  }
}

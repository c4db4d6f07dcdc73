import { expect, it } from 'vitest';
import { createNovaDriver } from '../../../src/execute/nova/nova-driver.ts';
import type { ApiCall, Session } from '../../../src/openstack/session.ts';
import { hostId, serverId } from '../../support/builders.ts';

/** A session that answers by path. */
function sessionOf(answers: Readonly<Record<string, unknown>>, max = '1.39') {
  const calls: ApiCall[] = [];
  const session: Session = {
    name: 'test',
    request(call) {
      calls.push(call);
      return Promise.resolve({ status: 200, headers: {}, body: answers[call.path], requestId: 'req-1' });
    },
    has: () => Promise.resolve(true),
    endpoint: () => Promise.resolve(''),
    microversions: (service) =>
      Promise.resolve(service === 'placement' ? { min: '1.0', max } : { min: '2.1', max: '2.93' }),
    identity: () => Promise.resolve({ user: 'u', roles: [] }),
    counts: () => ({ requests: calls.length, retries: 0, tokens: 0 }),
    close: () => undefined,
  };
  return { session, calls };
}

const room = (session: Session) =>
  createNovaDriver(session).hasRoom(serverId('s'), hostId('h2'), { VCPU: 4, MEMORY_MB: 512 });

it('asks Placement for candidates in the tree of the host', async () => {
  const answers = (requests: readonly unknown[]) => ({
    '/resource_providers': { resource_providers: [{ uuid: 'rp-2', name: 'h2' }] },
    '/allocation_candidates': { allocation_requests: requests },
  });
  const { session, calls } = sessionOf(answers([{}]));

  expect(await room(session)).toBe(true);
  expect(await room(sessionOf(answers([])).session)).toBe(false);
  expect(calls.map(({ path, query }) => ({ path, query }))).toEqual([
    { path: '/resource_providers', query: { name: 'h2' } },
    {
      path: '/allocation_candidates',
      query: { resources: 'VCPU:4,MEMORY_MB:512', in_tree: 'rp-2', limit: 1 },
    },
  ]);
});

it('does not know where Placement is old, or names the host otherwise', async () => {
  const none = {
    '/resource_providers': { resource_providers: [] },
    '/os-hypervisors/detail': { hypervisors: [{ id: 'rp-9', service: { host: 'h20' } }] },
  };

  expect(await room(sessionOf({}, '1.17').session)).toBeUndefined();
  expect(await room(sessionOf(none).session)).toBeUndefined();
});

it('asks about the hypervisor of the host where its name is longer', async () => {
  const hypervisors = [
    { id: 'rp-20', hypervisor_hostname: 'h20.example', service: { host: 'h20' } },
    { id: 'rp-2', hypervisor_hostname: 'h2.example', service: { host: 'h2' } },
  ];
  const { session, calls } = sessionOf({
    '/resource_providers': { resource_providers: [] },
    '/os-hypervisors/detail': { hypervisors },
    '/allocation_candidates': { allocation_requests: [] },
  });

  expect(await room(session)).toBe(false);
  expect(calls[1]).toMatchObject({ microversion: '2.53', query: { hypervisor_hostname_pattern: 'h2' } });
  expect(calls[2]?.query).toMatchObject({ in_tree: 'rp-2' });
});

it('reads the members of a server group', async () => {
  const { session } = sessionOf({ '/os-server-groups/g1': { server_group: { members: ['a', 'b'] } } });

  expect(await createNovaDriver(session).groupMembers('g1')).toEqual(['a', 'b']);
});

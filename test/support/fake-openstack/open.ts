import type { Credentials } from '../../../src/openstack/credentials.ts';
import { createSession, type SessionMeans } from '../../../src/openstack/create-session.ts';
import { createHttpsTransport } from '../../../src/openstack/http/https-transport.ts';
import { Secret } from '../../../src/openstack/secret.ts';
import type { Session } from '../../../src/openstack/session.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { password } from './keystone.ts';
import type { FakeOpenStack } from './start.ts';

export const adminOf = (fake: FakeOpenStack): Credentials => ({
  name: 'fake',
  authUrl: fake.authUrl,
  method: {
    kind: 'password',
    user: { name: 'planner', domain: { name: 'Default' } },
    password: new Secret(password),
    scope: { kind: 'project', project: { name: 'admin', domain: { name: 'Default' } } },
  },
  interface: 'public',
  region: 'RegionOne',
  tls: { verify: true },
  endpoints: {},
  interfaces: {},
});

/** A session with a fake cloud: waits take no time and are written down. */
export function openFake(
  fake: FakeOpenStack,
  more: Partial<SessionMeans> & { readonly credentials?: Credentials; readonly timeoutMs?: number } = {},
): Session & { readonly waits: readonly number[] } {
  const { credentials = adminOf(fake), timeoutMs = 10_000, ...means } = more;
  const waits: number[] = [];
  const session = createSession(credentials, {
    transport: createHttpsTransport({
      tls: credentials.tls,
      timeoutMs,
      connections: 8,
      maxReplyBytes: 2 ** 26,
    }),
    now: () => Date.parse('2026-11-21T10:00:00Z'),
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    rng: createRng(1),
    ...means,
  });
  return { ...session, waits };
}

import { describe, expect, it } from 'vitest';
import type { Migration } from '../../src/model/migration.ts';
import { createState, type State } from '../../src/replay/state.ts';
import { aCloud, aContext, anArrival, aServer, hostId, providerId, serverId } from '../support/builders.ts';

const s1 = serverId('s1');

const claims = (state: State, server = 's1'): readonly string[] =>
  state
    .claimsOf(serverId(server))
    .map(({ role, host }) => `${role} ${host}`)
    .toSorted();
const vcpus = (state: State): readonly number[] =>
  ['h1', 'h2'].map((host) => state.used(providerId(`rp-${host}`), 'VCPU'));

const plain = aContext(aCloud({ servers: [aServer('s1', 'h1')] }));

describe('the state at the start', () => {
  it('has one claim for a server at rest, and none for one without a host', () => {
    const state = createState(aContext(aCloud({ servers: [aServer('s1', 'h1'), aServer('s2', undefined)] })));

    expect(claims(state)).toEqual(['resident h1']);
    expect(claims(state, 's2')).toEqual([]);
    expect(state.claimsOn(hostId('h1')).map(({ server }) => server)).toEqual(['s1']);
    expect([...state.assignment()]).toEqual([['s1', 'h1']]);
  });

  it('charges what Placement says that consumers hold', () => {
    const hold = (host: string, amount: number) => ({
      provider: providerId(`rp-${host}`),
      resources: { VCPU: amount },
    });
    const state = createState(
      aContext(
        aCloud({
          servers: [
            aServer('s1', 'h1', { allocations: [hold('h1', 5), hold('h2', 1)] }),
            aServer('s2', 'h1', { allocations: [] }),
          ],
          otherConsumers: [{ id: 'x', allocations: [hold('h2', 3)] }],
        }),
      ),
    );

    expect(vcpus(state)).toEqual([5, 4]);
    expect(state.claimsOf(s1)[0]?.amounts).toEqual([{ provider: 'rp-h1', resource: 'VCPU', amount: 5 }]);
  });

  it('charges what a server would ask for when Placement was not read', () => {
    expect(vcpus(createState(plain))).toEqual([2, 0]);
  });

  it('is independent of other states of the same cloud', () => {
    const one = createState(plain);
    const other = createState(plain);

    one.apply({ kind: 'request', arrival: anArrival(plain, 's1', 'h2') });

    expect(claims(other)).toEqual(['resident h1']);
    expect(vcpus(other)).toEqual([2, 0]);
  });

  it('knows services and vm states as they are, and takes an unknown host for disabled', () => {
    const state = createState(plain);

    expect(state.serviceStatus(hostId('h1'))).toBe('enabled');
    expect(state.serviceStatus(hostId('h9'))).toBe('disabled');
    expect(state.vmState(s1)).toBe('active');
  });
});

describe('migrations in flight from before', () => {
  const withMigration = (over: Partial<Migration>, at: string): State =>
    createState(
      aContext(
        aCloud({
          servers: [aServer('s1', at)],
          migrations: [
            {
              id: 1,
              server: s1,
              type: 'live-migration',
              status: 'running',
              source: hostId('h1'),
              destination: hostId('h2'),
              ...over,
            },
          ],
        }),
      ),
    );

  it.each<[string, Partial<Migration>, string, readonly string[]]>([
    ['claim the destination of a live one', {}, 'h1', ['incoming h2', 'resident h1']],
    [
      'claim the source of a cold one that waits for its confirm',
      { type: 'migration', status: 'finished' },
      'h2',
      ['resident h2', 'unconfirmed h1'],
    ],
    [
      'claim the source of one that has switched already',
      { status: 'running' },
      'h2',
      ['outgoing h1', 'resident h2'],
    ],
    [
      'claim what an evacuated server left',
      { type: 'evacuation', status: 'done' },
      'h2',
      ['resident h2', 'residue h1'],
    ],
    ['claim nothing when they are over', { status: 'completed' }, 'h2', ['resident h2']],
    [
      'claim nothing on a host that is not in the cloud',
      { destination: hostId('h9') },
      'h1',
      ['resident h1'],
    ],
  ])('%s', (_, over, at, expected) => {
    expect(claims(withMigration(over, at))).toEqual(expected);
  });

  it('are charged once: by the allocations of server and migration', () => {
    const state = withMigration({}, 'h1');

    expect(vcpus(state)).toEqual([2, 0]);
    expect(state.claimsOn(hostId('h2')).map(({ amounts }) => amounts)).toEqual([[]]);
  });
});

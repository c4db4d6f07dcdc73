import { describe, expect, it } from 'vitest';
import type { RuleContext } from '../../src/constraints/context.ts';
import type { Migration } from '../../src/model/migration.ts';
import { createState, type State } from '../../src/replay/state.ts';
import { aCloud, aContext, anArrival, aServer, hostId, providerId, serverId } from '../support/builders.ts';

const s1 = serverId('s1');

const claims = (state: State): readonly string[] =>
  state
    .claimsOf(s1)
    .map(({ role, host }) => `${role} ${host}`)
    .toSorted();
const vcpus = (state: State): readonly number[] =>
  ['h1', 'h2'].map((host) => state.used(providerId(`rp-${host}`), 'VCPU'));
const home = (state: State): string | undefined => state.assignment().get(s1);
const request = (state: State, context: RuleContext, to = 'h2', over: Parameters<typeof anArrival>[3] = {}) =>
  state.apply({ kind: 'request', arrival: anArrival(context, 's1', to, over) });

const plain = aContext(aCloud({ servers: [aServer('s1', 'h1')] }));

describe('a live migration', () => {
  it('claims both ends from its request on, and lives at its source', () => {
    const state = createState(plain);

    request(state, plain);

    expect(claims(state)).toEqual(['incoming h2', 'outgoing h1']);
    expect(vcpus(state)).toEqual([2, 2]);
    expect(home(state)).toBe('h1');
  });

  it('frees its source when it completes', () => {
    const state = createState(plain);

    request(state, plain);
    state.apply({ kind: 'complete', server: s1 });

    expect(claims(state)).toEqual(['resident h2']);
    expect(vcpus(state)).toEqual([0, 2]);
    expect(home(state)).toBe('h2');
  });

  it('leaves everything as it was when it fails', () => {
    const state = createState(plain);

    request(state, plain);
    state.apply({ kind: 'fail', server: s1 });

    expect(claims(state)).toEqual(['resident h1']);
    expect(vcpus(state)).toEqual([2, 0]);
  });
});

it('says where a server is resident as its claims do, also where nobody asked for these before', () => {
  const untouched = createState(plain);
  const underway = createState(plain);
  request(underway, plain);
  const arrived = createState(plain);
  request(arrived, plain);
  arrived.apply({ kind: 'complete', server: s1 });
  const undone = createState(plain);
  request(undone, plain)();

  expect([untouched, underway, arrived, undone].map((state) => state.residentOn(s1))).toEqual([
    'h1',
    undefined,
    'h2',
    'h1',
  ]);
});

describe('a cold migration', () => {
  it('keeps its source until it is confirmed', () => {
    const state = createState(plain);

    request(state, plain, 'h2', { method: 'cold' });
    state.apply({ kind: 'complete', server: s1 });
    const unconfirmed = [claims(state), vcpus(state), home(state)];
    state.apply({ kind: 'confirm', server: s1 });

    expect(unconfirmed).toEqual([['resident h2', 'unconfirmed h1'], [2, 2], 'h2']);
    expect([claims(state), vcpus(state)]).toEqual([['resident h2'], [0, 2]]);
  });
});

describe('an evacuation', () => {
  it('leaves what the server held on its old host', () => {
    const state = createState(plain);

    request(state, plain, 'h2', { method: 'evacuate' });
    state.apply({ kind: 'complete', server: s1 });

    expect(claims(state)).toEqual(['resident h2', 'residue h1']);
    expect(vcpus(state)).toEqual([2, 2]);
  });

  it('is over for a server that comes back: its new claim takes the place of what it left', () => {
    const state = createState(plain);
    request(state, plain, 'h2', { method: 'evacuate' });
    state.apply({ kind: 'complete', server: s1 });

    const undo = request(state, plain, 'h1', { from: hostId('h2') });
    const under = [claims(state), vcpus(state)];
    undo();

    expect(under).toEqual([
      ['incoming h1', 'outgoing h2'],
      [2, 2],
    ]);
    expect([claims(state), vcpus(state)]).toEqual([
      ['resident h2', 'residue h1'],
      [2, 2],
    ]);
  });
});

describe('events', () => {
  it.each(['complete', 'confirm', 'fail'] as const)('cannot %s what was not requested', (kind) => {
    const state = createState(plain);

    expect(() => state.apply({ kind, server: s1 })).toThrow('server s1 has no');
    expect(claims(state)).toEqual(['resident h1']);
  });

  it('cannot complete a migration of before the plan, and change nothing when asked to', () => {
    const migration: Migration = {
      id: 1,
      server: s1,
      type: 'live-migration',
      status: 'running',
      source: hostId('h1'),
      destination: hostId('h2'),
    };
    const state = createState(aContext(aCloud({ servers: [aServer('s1', 'h1')], migrations: [migration] })));

    for (const kind of ['complete', 'fail'] as const)
      expect(() => state.apply({ kind, server: s1 })).toThrow('server s1 has no outgoing claim');

    expect(claims(state)).toEqual(['incoming h2', 'resident h1']);
  });

  it.each(['h1', 'h9'])('cannot request a migration from h1 to %s', (to) => {
    expect(() => request(createState(plain), plain, to)).toThrow(
      'a request goes to another host that exists',
    );
  });

  it('change services and vm states until they are taken back', () => {
    const state = createState(plain);
    const seen = () => [state.serviceStatus(hostId('h2')), state.vmState(s1)];

    const undos = [
      state.apply({ kind: 'service', host: hostId('h2'), status: 'disabled' }),
      state.apply({ kind: 'power', server: s1, vmState: 'stopped' }),
    ];
    const changed = seen();
    for (const undo of undos.toReversed()) undo();

    expect(changed).toEqual(['disabled', 'stopped']);
    expect(seen()).toEqual(['enabled', 'active']);
  });

  it('can be taken back one by one, in the reverse order', () => {
    const state = createState(plain);
    const seen = () => [...claims(state), ...vcpus(state)];
    const history = [seen()];
    const undos = (
      [
        { kind: 'request', arrival: anArrival(plain, 's1', 'h2', { method: 'cold' }) },
        { kind: 'complete', server: s1 },
        { kind: 'confirm', server: s1 },
      ] as const
    ).map((event) => {
      const undo = state.apply(event);
      history.push(seen());
      return undo;
    });

    const back = undos.toReversed().map((undo) => {
      undo();
      return seen();
    });

    expect([history.at(-1), ...back]).toEqual(history.toReversed());
  });
});

import { describe, expect, it } from 'vitest';
import { createEffort } from '../../../src/schedule/effort.ts';
import { findSequence, type Limits, type SequenceEnd } from '../../../src/schedule/exact/sequence.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../../support/builders.ts';
import { requestOf } from '../support.ts';

const big = (name: string, host: string, memoryGiB = 64) => aServer(name, host, { memoryGiB });

/** Two full hosts that swap; a guest that is to stay fills half of the third host and may go to the fourth. */
const context = aContext(
  aCloud({
    hosts: [aHost('h1'), aHost('h2'), aHost('h3'), aHost('h4', { memoryMiB: 32 * 1024 })],
    servers: [big('a', 'h1'), big('b', 'h2'), big('guest', 'h3', 32)],
  }),
);

const swap = (limits: Limits = {}, closed: readonly string[] = [], effort = 10_000): SequenceEnd => {
  const request = requestOf(context, { a: 'h2', b: 'h1' }, { closed });
  return findSequence(request, request.target, createEffort(effort), limits);
};

describe('findSequence', () => {
  it('has who is to stay step aside where nothing else helps', () => {
    const end = swap();

    expect(end).toMatchObject({ kind: 'found', withResidents: true, stopOvers: 2 });
    const legs = end.kind === 'found' ? end.legs : [];
    expect(legs.map(({ server, to }) => `${server.id} ${to}`).slice(0, 2)).toEqual(['guest h4', 'b h3']);
  });

  it('finds none where only those who move may, with fewer stop-overs, or on fewer hosts', () => {
    expect(swap({ moversOnly: true })).toEqual({ kind: 'none', withResidents: false });
    expect(swap({ mostStopOvers: 1 })).toMatchObject({ kind: 'none' });
    expect(swap({ hosts: [hostId('h1'), hostId('h2')] })).toMatchObject({ kind: 'none' });
  });

  it('passes through no host that is closed', () => {
    expect(swap({}, ['h4'])).toEqual({ kind: 'none', withResidents: true });
  });

  it('does not know where effort ends first', () => {
    expect(swap({}, [], 2)).toMatchObject({ kind: 'unknown' });
  });
});

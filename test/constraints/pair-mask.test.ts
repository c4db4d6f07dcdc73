import { describe, expect, it } from 'vitest';
import { pairMask } from '../../src/constraints/pair-mask.ts';
import { type Verdict, yes } from '../../src/constraints/rule.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';

const no: Verdict = { kind: 'no', measured: 1, limit: 0, unit: 'obstacles', where: '' };
const unsure = (safe: 'yes' | 'no'): Verdict => ({ kind: 'unknown', missing: [], safe, assumption: '' });

const cloud = aCloud({
  hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
  servers: [
    aServer('s1', 'h1', { projectId: 'p1' }),
    aServer('s2', 'h2', { projectId: 'p1' }),
    aServer('s3', 'h1', { projectId: 'p2' }),
    aServer('s4', undefined),
  ],
});

describe('pairMask', () => {
  it('gathers servers of one signature in a set and asks once for them', () => {
    const asked: string[] = [];

    const masks = pairMask(
      'r',
      aContext(cloud),
      ({ projectId }) => projectId ?? '',
      (server, host) => {
        asked.push(`${server.id} ${host.id}`);
        return server.projectId === 'p1' && host.id === 'h3' ? no : yes;
      },
    );

    expect(masks).toEqual([
      { kind: 'pairMask', rule: 'r', sets: [{ servers: ['s1', 's2'], hosts: new Set(['h1', 'h2']) }] },
    ]);
    expect(asked).toEqual(['s1 h1', 's1 h2', 's1 h3', 's3 h1', 's3 h2', 's3 h3']);
  });

  it('is nothing when every server may go anywhere', () => {
    expect(
      pairMask(
        'r',
        aContext(cloud),
        () => '',
        () => yes,
      ),
    ).toEqual([]);
  });

  it('allows a host when some way of travelling passes', () => {
    const coldOnly = pairMask(
      'r',
      aContext(cloud, { allow: ['cold'] }),
      () => '',
      (_, __, way) => (way.method === 'live' ? no : yes),
    );

    expect(coldOnly).toEqual([]);
  });

  it('keeps apart servers that travel in different ways', () => {
    const stopped = aServer('s1', 'h1', { vmState: 'stopped', powerState: 'shutdown' });
    const servers = [stopped, aServer('s2', 'h1')];

    const masks = pairMask(
      'r',
      aContext(aCloud({ servers })),
      () => '',
      (_, __, way) => (way.method === 'live' ? no : yes),
    );

    expect(masks).toEqual([{ kind: 'pairMask', rule: 'r', sets: [{ servers: ['s2'], hosts: new Set() }] }]);
  });

  it('takes what is not known for its safe answer, and for no when nothing may be assumed', () => {
    const judge = (_: unknown, host: { readonly id: string }): Verdict =>
      host.id === 'h3' ? unsure('no') : unsure('yes');
    const hosts = (unknown: 'assume' | 'refuse') =>
      pairMask('r', aContext(cloud, { unknown }), () => '', judge)[0]?.sets[0]?.hosts;

    expect(hosts('assume')).toEqual(new Set(['h1', 'h2']));
    expect(hosts('refuse')).toEqual(new Set());
  });
});

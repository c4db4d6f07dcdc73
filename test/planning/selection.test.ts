import { describe, expect, it } from 'vitest';
import type { Selector } from '../../src/model/named.ts';
import { select } from '../../src/planning/selection.ts';
import { aCloud, aGroup, aHost, aServer, hostId } from '../support/builders.ts';

const cloud = aCloud({
  hosts: [aHost('h1', { zone: 'north', rack: 'r1' }), aHost('h2', { zone: 'south', rack: 'r2' })],
  servers: [
    aServer('db-1', 'h1', { tags: ['db'], metadata: { owner: 'ann' } }),
    aServer('db-2', 'h2', { vcpus: 4, memoryGiB: 8 }),
    aServer('web-1', 'h2'),
  ],
  groups: [aGroup(['web-1'], { name: 'webs' })],
});
const none = { exclude: [], only: [], drain: [] };

describe('a selection', () => {
  it.each<[Selector, string[], string[]]>([
    [{ kind: 'server', value: 'db-*' }, ['db-1', 'db-2'], []],
    [{ kind: 'server', value: 'web-1' }, ['web-1'], []],
    [{ kind: 'host', value: 'h2' }, ['db-2', 'web-1'], ['h2']],
    [{ kind: 'zone', value: 'north' }, ['db-1'], ['h1']],
    [{ kind: 'rack', value: 'r?' }, ['db-1', 'db-2', 'web-1'], ['h1', 'h2']],
    [{ kind: 'tag', value: 'db' }, ['db-1'], []],
    [{ kind: 'flavor', value: 'f4c8g' }, ['db-2'], []],
    [{ kind: 'group', value: 'webs' }, ['web-1'], []],
    [{ kind: 'metadata', value: 'owner=*' }, ['db-1'], []],
  ])('that excludes %j keeps its servers and shuts its hosts', (selector, servers, hosts) => {
    const { staying, closed } = select(cloud, { ...none, exclude: [selector] });

    expect([...staying.keys()].toSorted()).toEqual(servers);
    expect([...closed.keys()].toSorted()).toEqual(hosts);
    for (const words of staying.values())
      expect(words).toBe(`excluded by ${selector.kind}:${selector.value}`);
  });

  it('of only some servers keeps all others, and drained hosts take nobody', () => {
    const { staying, closed } = select(cloud, {
      ...none,
      only: [{ kind: 'host', value: 'h2' }],
      drain: [hostId('h1')],
    });

    expect([...staying]).toEqual([['db-1', 'not among what --only names']]);
    expect([...closed]).toEqual([['h1', 'is being drained']]);
  });
});

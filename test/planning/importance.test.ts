import { expect, it } from 'vitest';
import type { Selector } from '../../src/model/named.ts';
import { goalSchema } from '../../src/objective/goal-schema.ts';
import { evacuationGoal, rankByImportance } from '../../src/planning/importance.ts';
import { aCloud, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { drainGoal } from '../support/planning.ts';

const server = (value: string): Selector => ({ kind: 'server', value });
const importance = [
  [server('db-*'), { kind: 'tag', value: 'gold' }],
  [server('web-*'), server('app-*')],
  [server('db-1')],
] satisfies readonly (readonly Selector[])[];

it('makes a goal that can be read again, however many are important', () => {
  const goal = evacuationGoal(drainGoal, [hostId('h1')], importance);

  expect(goalSchema.safeParse(JSON.parse(JSON.stringify(goal))).error).toBeUndefined();
  expect(goal.terms.filter(({ kind }) => kind === 'servers-left')).toHaveLength(4);
});

it('counts everybody once, by the most important of their names', () => {
  const names = ['db-1', 'web-1', 'app-1', 'other', 'golden'];
  const cloud = aCloud({
    hosts: [aHost('h1'), aHost('h2')],
    servers: [
      ...names.map((name) => aServer(name, 'h1', name === 'golden' ? { tags: ['gold'] } : {})),
      aServer('db-2', 'h2'),
    ],
  });
  const rank = rankByImportance(new Set([hostId('h1')]), importance, cloud);

  expect(Object.fromEntries([...names, 'db-2'].map((name) => [name, rank(serverId(name))]))).toEqual({
    'db-1': 1,
    golden: 1,
    'web-1': 2,
    'app-1': 2,
    other: 4,
    'db-2': 0,
  });
});

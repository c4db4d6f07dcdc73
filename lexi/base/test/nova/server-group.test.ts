import { expect, it } from 'vitest';
import {
  destinationAcceptsGroup,
  type GroupView,
  schedulerAcceptsGroup,
} from '../../src/nova/server-group.ts';

function aGroup(
  policy: GroupView['policy'],
  memberHosts: Record<string, string>,
  maxServersPerHost?: number,
): GroupView {
  const hosts = Object.entries(memberHosts);
  return {
    policy,
    maxServersPerHost,
    members: new Set(hosts.map(([name]) => name)),
    memberHosts: new Map(hosts),
  };
}

const aHost = (name: string, servers: string[] = [], migrating: string[] = []) => ({
  name,
  servers: new Set(servers),
  migrating: new Set(migrating),
});

it('refuses the second member on a host, or the one above the limit', () => {
  const group = aGroup('anti-affinity', { a: 'h1', b: 'h2' });

  expect(schedulerAcceptsGroup(group, 'a', aHost('h2', ['b', 'x']))).toBe(false);
  expect(
    schedulerAcceptsGroup(aGroup('anti-affinity', { a: 'h1', b: 'h2' }, 2), 'a', aHost('h2', ['b'])),
  ).toBe(true);
});

it('counts a member on its way from or to the host at the destination only', () => {
  const group = aGroup('anti-affinity', { a: 'h1', b: 'h2' });
  const leaving = aHost('h2', [], ['b']);

  expect(schedulerAcceptsGroup(group, 'a', leaving)).toBe(true);
  expect(destinationAcceptsGroup(group, 'a', leaving)).toBe(false);
});

it('keeps a member of an affinity group where it is, but lets the only one go', () => {
  const single = aGroup('affinity', { a: 'h1' });

  expect(schedulerAcceptsGroup(single, 'a', aHost('h2'))).toBe(false);
  expect(destinationAcceptsGroup(single, 'a', aHost('h2'))).toBe(true);
  expect(schedulerAcceptsGroup(aGroup('affinity', { a: 'h1', b: 'h2' }), 'a', aHost('h2'))).toBe(true);
});

it('never refuses for a soft policy or without a group', () => {
  for (const policy of ['soft-affinity', 'soft-anti-affinity', undefined] as const) {
    const group = aGroup(policy, { a: 'h1', b: 'h2' });
    expect(schedulerAcceptsGroup(group, 'a', aHost('h2', ['b']))).toBe(true);
    expect(destinationAcceptsGroup(group, 'a', aHost('h2', ['b']))).toBe(true);
  }
});

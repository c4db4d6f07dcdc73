import { expect, it } from 'vitest';
import { findServer } from '../../src/cli/find-server.ts';
import { createFlagReader } from '../../src/cli/flag-reader.ts';
import { aCloud, aServer, serverId } from '../support/builders.ts';

const server = (id: string, name: string, host?: string) => ({
  ...aServer(id, host),
  id: serverId(id),
  name,
});
const cloud = aCloud({
  servers: [
    server('aa11', 'web', 'h1'),
    server('aa22', 'db', 'h1'),
    server('bb11', 'twin', 'h1'),
    server('bb22', 'twin'),
    server('cc11', 'aa22'),
    server('dd11', '\u001B[31m'),
    server('ddweb', 'x'),
  ],
});

const find = (typed: string) => {
  const read = createFlagReader();
  const found = findServer('SERVER', typed, cloud, read);
  return found?.id ?? read.problems.map(({ summary, hint }) => `${summary}: ${hint ?? ''}`).join();
};

it('takes an id before a name, and a name before the beginning of an id', () => {
  expect(find('web')).toBe('aa11');
  expect(find('aa22')).toBe('aa22');
  expect(find('cc')).toBe('cc11');
});

it('lists the servers that may be meant, safe to print', () => {
  expect(find('twin')).toBe('2 servers may be meant: give the id: bb11 (twin on h1), bb22 (twin on no host)');
  expect(find('dd')).toContain('dd11 (\\u{1b}[31m on no host)');
});

it('names what looks like it', () => {
  expect(find('wep')).toBe('the inventory has no server of this name or id: did you mean web?');
  expect(find('')).toMatch(/^the inventory has no server/);
});

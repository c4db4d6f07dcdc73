import { expect, it } from 'vitest';
import { invariant, InvariantError, unreachable } from '../../src/shared/invariant.ts';

it('lets pass what holds', () => {
  expect(() => {
    invariant(1 + 1 === 2, 'arithmetic');
  }).not.toThrow();
});

it('crashes with the message when something does not hold', () => {
  expect(() => {
    invariant(1 + 1 === 3, 'host cmp-1 has 3 cells, expected 2');
  }).toThrow(new InvariantError('host cmp-1 has 3 cells, expected 2'));
});

it('names the value that should not have been there', () => {
  expect(() => unreachable('sideways' as never)).toThrow(new InvariantError('unreachable: sideways'));
});

import { expect, it } from 'vitest';
import { jsonPath } from '../../src/shared/json-path.ts';

it('writes the whole document as $', () => {
  expect(jsonPath([])).toBe('$');
});

it('writes members with a dot and elements in brackets', () => {
  expect(jsonPath(['hosts', 3, 'memoryMiB'])).toBe('$.hosts[3].memoryMiB');
});

it('quotes members that are no plain word', () => {
  expect(jsonPath(['extraSpecs', 'hw:cpu_policy', '', 'a"b'])).toBe(
    '$.extraSpecs["hw:cpu_policy"][""]["a\\"b"]',
  );
});

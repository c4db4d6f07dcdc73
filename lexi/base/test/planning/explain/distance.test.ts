import { expect, it } from 'vitest';
import { compareDistance, distanceOf } from '../../../src/planning/explain/distance.ts';

const refusal = (rule: string, measured: number, limit: number) => ({
  rule,
  measured,
  limit,
  unit: 'u',
  where: 'h1',
  text: rule,
});
const nearer = (a: ReturnType<typeof refusal>[], b: ReturnType<typeof refusal>[]): boolean =>
  compareDistance(distanceOf(a), distanceOf(b)) < 0;

it('is fewest rules first, however little each of more rules lacks', () => {
  expect(nearer([refusal('a', 1, 0)], [refusal('a', 100, 99), refusal('b', 100, 99)])).toBe(true);
});

it('is then the least that is missing, in parts of what is needed', () => {
  expect(nearer([refusal('a', 1000, 900)], [refusal('a', 4, 2)])).toBe(true);
  expect(nearer([refusal('a', 4, 3)], [refusal('b', 1, 0)])).toBe(true);
});

it('counts what no amount would make good as missing whole', () => {
  expect(distanceOf([refusal('version', 6002000, 7002000)])).toEqual({ rules: 1, missing: 1 });
  expect(distanceOf([refusal('zone', 1, 0)])).toEqual({ rules: 1, missing: 1 });
});

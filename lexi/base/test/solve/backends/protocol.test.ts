import { expect, it } from 'vitest';
import { createControl } from '../../../src/solve/backends/control.ts';
import { isReply, isRequest } from '../../../src/solve/backends/protocol.ts';
import { knapsack } from './models.ts';

const limits = { nodes: 1, simplexIterations: 1, timeLimitSeconds: Infinity, relativeGap: 0, absoluteGap: 0 };
const program = knapsack(1, 3);
const request = { id: 1, control: createControl(), task: { program, limits } };

it('knows a request', () => {
  const start = Float64Array.of(0, 1, 0);

  expect(isRequest(request)).toBe(true);
  expect(isRequest({ ...request, task: { program, limits, start } })).toBe(true);
});

it.each([
  ['nothing', undefined],
  ['no id', { ...request, id: '1' }],
  ['no shared memory', { ...request, control: new ArrayBuffer(16) }],
  ['no task', { ...request, task: null }],
  ['no limits', { ...request, task: { program } }],
  ['a limit missing', { ...request, task: { program, limits: { nodes: 1 } } }],
  ['a start that is too short', { ...request, task: { program, limits, start: Float64Array.of(1) } }],
  ['no program', { ...request, task: { program: 'min x', limits } }],
  ['no costs', { ...request, task: { program: { ...program, cost: [1, 2, 3] }, limits } }],
  ['no columns', { ...request, task: { program: { ...program, columns: new Float64Array(3) }, limits } }],
  ['too few bounds', { ...request, task: { program: { ...program, upper: new Float64Array(2) }, limits } }],
])('knows %s for no request', (_, value) => {
  expect(isRequest(value)).toBe(false);
});

it.each([
  ['a start', { kind: 'started', id: 1 }, true],
  ['an incumbent', { kind: 'incumbent', id: 1, values: new Float64Array(3) }, true],
  [
    'a claim',
    { kind: 'claimed', id: 1, claim: { says: 'stopped', stoppedBy: 'time', bound: Number.NaN } },
    true,
  ],
  ['a failure', { kind: 'failed', id: 1, message: 'abort()' }, true],
  ['no id', { kind: 'started' }, false],
  ['another kind', { kind: 'stopped', id: 1 }, false],
  ['values that are none', { kind: 'incumbent', id: 1, values: [1] }, false],
  ['a claim of nothing', { kind: 'claimed', id: 1, claim: {} }, false],
  [
    'a claim with values that are none',
    { kind: 'claimed', id: 1, claim: { says: 'optimal', values: [1] } },
    false,
  ],
  ['a failure without words', { kind: 'failed', id: 1 }, false],
])('judges %s', (_, value, expected) => {
  expect(isReply(value)).toBe(expected);
});

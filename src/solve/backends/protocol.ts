import type { LinearProgram } from '../linear/linear-model.ts';
import type { Claim, Limits, Task } from './engine.ts';

/** Host to worker: one task at a time. `control` is the memory behind a `Control`. */
export interface Request {
  readonly id: number;
  readonly task: Task;
  readonly control: SharedArrayBuffer;
}

/** Worker to host: `started` and any number of `incumbent`s, then `claimed` or, when the solver broke, `failed`. */
export type Reply =
  | { readonly kind: 'started'; readonly id: number }
  | { readonly kind: 'incumbent'; readonly id: number; readonly values: Float64Array }
  | { readonly kind: 'claimed'; readonly id: number; readonly claim: Claim }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** True for a well-formed request. */
export function isRequest(value: unknown): value is Request {
  return (
    isRecord(value) &&
    typeof value['id'] === 'number' &&
    value['control'] instanceof SharedArrayBuffer &&
    isTask(value['task'])
  );
}

/** True for a well-formed reply. */
export function isReply(value: unknown): value is Reply {
  if (!isRecord(value) || typeof value['id'] !== 'number') return false;
  switch (value['kind']) {
    case 'started':
      return true;
    case 'incumbent':
      return value['values'] instanceof Float64Array;
    case 'claimed':
      return isClaim(value['claim']);
    case 'failed':
      return typeof value['message'] === 'string';
    default:
      return false;
  }
}

const claims: readonly unknown[] = [
  'optimal',
  'infeasible',
  'unbounded',
  'stopped',
] satisfies Claim['says'][];
const limits = [
  'nodes',
  'simplexIterations',
  'timeLimitSeconds',
  'relativeGap',
  'absoluteGap',
] satisfies (keyof Limits)[];

function isTask(value: unknown): value is Task {
  if (!isRecord(value)) return false;
  const { program, start, limits: budget } = value;
  return (
    isProgram(program) &&
    (start === undefined || (start instanceof Float64Array && start.length === program.cost.length)) &&
    isRecord(budget) &&
    limits.every((name) => typeof budget[name] === 'number')
  );
}

function isClaim(value: unknown): value is Claim {
  return (
    isRecord(value) &&
    claims.includes(value['says']) &&
    ['undefined', 'string'].includes(typeof value['stoppedBy']) &&
    ['undefined', 'number'].includes(typeof value['bound']) &&
    (value['work'] === undefined || isRecord(value['work'])) &&
    [value['values'], value['duals']].every((item) => item === undefined || item instanceof Float64Array)
  );
}

function isProgram(value: unknown): value is LinearProgram {
  if (!isRecord(value) || typeof value['offset'] !== 'number') return false;
  const { cost, rowLower, columns } = value;
  if (!(cost instanceof Float64Array) || !(rowLower instanceof Float64Array)) return false;
  if (!(columns instanceof Int32Array)) return false;
  return [
    isArray(value['lower'], Float64Array, cost.length),
    isArray(value['upper'], Float64Array, cost.length),
    isArray(value['integer'], Uint8Array, cost.length),
    isArray(value['rowUpper'], Float64Array, rowLower.length),
    isArray(value['rowStarts'], Int32Array, rowLower.length + 1),
    isArray(value['coefficients'], Float64Array, columns.length),
  ].every(Boolean);
}

type TypedArray = typeof Float64Array | typeof Int32Array | typeof Uint8Array;

const isArray = (value: unknown, type: TypedArray, length: number): boolean =>
  value instanceof type && value.length === length;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

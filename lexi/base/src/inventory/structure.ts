import type { Diagnostic } from '../shared/diagnostic.ts';
import { jsonPath } from '../shared/json-path.ts';
import { limits } from './limits.ts';

const loneSurrogate = /\p{Cs}/u;

/** As many as anybody reads: the rest is of the same kind. */
const most = 1000;

/**
 * What no schema sees in a parsed JSON value: nesting that would exhaust a recursive reader, members named
 * `__proto__`, which copying would lose, and texts that no canonical JSON holds. Walks with a stack of its own.
 */
export function checkStructure(root: unknown): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const left: Step[] = typeof root === 'object' && root !== null ? [{ value: root, depth: 1 }] : [];
  for (let step = left.pop(); step !== undefined && problems.length < most; step = left.pop()) {
    if (step.depth > limits.depth) problems.push(tooDeep(step));
    else checkMembers(step, left, problems);
  }
  return problems;
}

function checkMembers(step: Step, left: Step[], problems: Diagnostic[]): void {
  const { value, depth } = step;
  if (Object.hasOwn(value, '__proto__')) problems.push(protoMember(step));
  for (const name in value) {
    const member: unknown = Reflect.get(value, name);
    if (typeof member === 'object' && member !== null) {
      left.push({ value: member, depth: depth + 1, name, parent: step });
    } else if (typeof member === 'string' && loneSurrogate.test(member)) {
      problems.push(brokenText({ value, depth, name, parent: step }));
    }
  }
}

interface Step {
  readonly value: object;
  readonly depth: number;
  readonly name?: string;
  readonly parent?: Step;
}

const tooDeep = (step: Step): Diagnostic => ({
  code: 'inventory.too-deep',
  severity: 'error',
  summary: `values are nested more than ${limits.depth} deep`,
  path: pathOf(step),
  limit: limits.depth,
});

const protoMember = (step: Step): Diagnostic => ({
  code: 'inventory.unknown-member',
  severity: 'error',
  summary: 'no member may be named __proto__',
  path: pathOf(step),
  value: '__proto__',
  hint: 'remove it',
});

const brokenText = (step: Step): Diagnostic => ({
  code: 'inventory.malformed',
  severity: 'error',
  summary: 'half of a surrogate pair is no text, and cannot be written',
  path: pathOf(step),
});

function pathOf(step: Step): string {
  const names: (string | number)[] = [];
  for (let at: Step | undefined = step; at.parent !== undefined; at = at.parent) {
    const name = at.name ?? '';
    names.push(Array.isArray(at.parent.value) ? Number(name) : name);
  }
  return jsonPath(names.reverse());
}

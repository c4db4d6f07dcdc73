import { invariant } from './invariant.ts';

/** One object or array that is half written. */
interface Frame {
  readonly values: readonly unknown[];
  /** Of an object: its members, sorted, in step with `values`. */
  readonly members?: readonly string[];
  next: number;
}

const chunkLength = 1 << 16;
const loneSurrogate = /\p{Cs}/u;

/**
 * The canonical JSON text of a value (RFC 8785): no white space, members sorted by UTF-16 code units, numbers as
 * ECMAScript prints them. Equal values give equal text. A member that is `undefined` is absent.
 */
export function canonicalJson(value: unknown): string {
  let text = '';
  writeCanonicalJson(value, (chunk) => {
    text += chunk;
  });
  return text;
}

/** Hands out the canonical JSON of a value in pieces, for documents too big to hold as one text. */
export function writeCanonicalJson(value: unknown, write: (chunk: string) => void): void {
  const open: Frame[] = []; // a stack of our own: no depth of nesting exhausts the call stack
  let buffer = printOrOpen(value, open);
  for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
    buffer += printNext(frame, open);
    if (buffer.length >= chunkLength) {
      write(buffer);
      buffer = '';
    }
  }
  write(buffer);
}

function printNext(frame: Frame, open: Frame[]): string {
  const { members, next, values } = frame;
  if (next === values.length) {
    open.pop();
    return members === undefined ? ']' : '}';
  }
  frame.next += 1;
  const comma = next === 0 ? '' : ',';
  const member = members?.[next];
  return `${comma}${member === undefined ? '' : `${printText(member)}:`}${printOrOpen(values[next], open)}`;
}

/** The text of a scalar, or the opening bracket of a container that it leaves on the stack. */
function printOrOpen(value: unknown, open: Frame[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return printText(value);
  if (typeof value === 'number') return printNumber(value);
  if (Array.isArray(value)) {
    open.push({ values: value, next: 0 });
    return '[';
  }
  invariant(isPlainObject(value), `canonical JSON cannot hold ${describeKind(value)}`);
  const members = Object.keys(value)
    .filter((member) => value[member] !== undefined)
    .sort();
  open.push({ members, values: members.map((member) => value[member]), next: 0 });
  return '{';
}

function printText(text: string): string {
  invariant(
    !loneSurrogate.test(text),
    `canonical JSON cannot hold the lone surrogate in ${JSON.stringify(text)}`,
  );
  return JSON.stringify(text);
}

function printNumber(number: number): string {
  invariant(Number.isFinite(number), `canonical JSON cannot hold the number ${number}`);
  return JSON.stringify(number);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describeKind(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}

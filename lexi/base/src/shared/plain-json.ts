import { jsonPath } from './json-path.ts';

/** A JSON value without the members that are nobody's business here. */
export interface PlainJson {
  readonly value: unknown;
  /** Paths of texts that are no Unicode text (a lone surrogate), which nothing can print or digest. */
  readonly brokenTexts: readonly string[];
}

interface Place {
  readonly parent?: Place;
  readonly member: PropertyKey;
}

interface Task {
  readonly from: unknown;
  readonly at: Place | undefined;
  readonly put: (copy: unknown) => void;
}

const loneSurrogate = /\p{Cs}/u;

/** Copies a parsed JSON value without its `x-…` members, at any depth of nesting (no recursion). */
export function plainJson(input: unknown): PlainJson {
  let value: unknown;
  const brokenTexts: string[] = [];
  const tasks: Task[] = [];

  const copy = ({ from, at, put }: Task): void => {
    if (typeof from === 'string' && loneSurrogate.test(from)) brokenTexts.push(pathOf(at));
    if (Array.isArray(from)) {
      const items: unknown[] = new Array<unknown>(from.length);
      for (const [index, item] of from.entries()) {
        tasks.push({ from: item, at: placeAt(at, index), put: (copied) => (items[index] = copied) });
      }
      put(items);
    } else if (typeof from === 'object' && from !== null) {
      put(copyMembers(from, at));
    } else put(from);
  };

  const copyMembers = (from: object, at: Place | undefined): object => {
    const members = Object.entries(from).filter(([member]) => !member.startsWith('x-'));
    for (const [member] of members) if (loneSurrogate.test(member)) brokenTexts.push(pathOf(at));
    const target: Record<string, unknown> = {};
    for (const [member, item] of members) {
      define(target, member, undefined); // keeps the order of the members
      tasks.push({
        from: item,
        at: placeAt(at, member),
        put: (done) => {
          define(target, member, done);
        },
      });
    }
    return target;
  };

  tasks.push({ from: input, at: undefined, put: (copied) => (value = copied) });
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) copy(task);
  return { value, brokenTexts: brokenTexts.toSorted() };
}

const placeAt = (parent: Place | undefined, member: PropertyKey): Place => ({
  member,
  ...(parent !== undefined && { parent }),
});

/** A member by any name, `__proto__` too. */
function define(target: object, member: string, value: unknown): void {
  Object.defineProperty(target, member, { value, enumerable: true, configurable: true, writable: true });
}

function pathOf(at: Place | undefined): string {
  const members: PropertyKey[] = [];
  for (let place = at; place !== undefined; place = place.parent) members.push(place.member);
  return jsonPath(members.reverse());
}

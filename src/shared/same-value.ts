/** Whether two plain values say the same: scalars, arrays, objects, maps and sets of these. An absent member is undefined. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameLists(a, b);
  if (a instanceof Set || b instanceof Set)
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every((one) => b.has(one));
  if (a instanceof Map || b instanceof Map) return a instanceof Map && b instanceof Map && sameMaps(a, b);
  return sameMembers(a, b);
}

const sameLists = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => sameValue(value, b[index]));

const sameMaps = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameValue(value, b.get(key)));

function sameMembers(a: object, b: object): boolean {
  for (const key of Object.keys(a)) if (!sameValue(Reflect.get(a, key), Reflect.get(b, key))) return false;
  for (const key of Object.keys(b)) if (!(key in a) && Reflect.get(b, key) !== undefined) return false;
  return true;
}

/** Names of the members by which two objects differ, ascending. */
export function differingMembers(a: object, b: object): readonly string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !sameValue(Reflect.get(a, name), Reflect.get(b, name))).sort();
}

/**
 * A map that finds a value when it is first asked for; going through it finds them all. `keys` says which keys there
 * are, in which order.
 */
export function lazyMap<Key, Value extends object>(
  keys: ReadonlyMap<Key, unknown>,
  find: (key: Key) => Value,
): ReadonlyMap<Key, Value> {
  return new LazyMap(keys, find);
}

class LazyMap<Key, Value extends object> implements ReadonlyMap<Key, Value> {
  readonly #keys: ReadonlyMap<Key, unknown>;
  readonly #find: (key: Key) => Value;
  readonly #found = new Map<Key, Value>();

  constructor(keys: ReadonlyMap<Key, unknown>, find: (key: Key) => Value) {
    this.#keys = keys;
    this.#find = find;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: Key): boolean {
    return this.#keys.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#keys.has(key) ? this.#valueOf(key) : undefined;
  }

  keys(): MapIterator<Key> {
    return this.#keys.keys();
  }

  *entries(): MapIterator<[Key, Value]> {
    for (const key of this.#keys.keys()) yield [key, this.#valueOf(key)];
  }

  *values(): MapIterator<Value> {
    for (const key of this.#keys.keys()) yield this.#valueOf(key);
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const key of this.#keys.keys()) visit(this.#valueOf(key), key, this);
  }

  #valueOf(key: Key): Value {
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const value = this.#find(key);
    this.#found.set(key, value);
    return value;
  }
}

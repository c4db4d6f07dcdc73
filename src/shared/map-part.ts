/** A map of which only some keys are gone through; whatever the whole one knows can still be looked up. */
export function mapPart<Key, Value>(
  whole: ReadonlyMap<Key, Value>,
  keys: ReadonlySet<Key>,
): ReadonlyMap<Key, Value> {
  return new MapPart(whole, keys);
}

class MapPart<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly #whole: ReadonlyMap<Key, Value>;
  readonly #part: ReadonlyMap<Key, Value>;

  constructor(whole: ReadonlyMap<Key, Value>, keys: ReadonlySet<Key>) {
    const part = new Map<Key, Value>();
    for (const key of keys) {
      const value = whole.get(key);
      if (value !== undefined) part.set(key, value);
    }
    this.#whole = whole;
    this.#part = part;
  }

  get size(): number {
    return this.#part.size;
  }

  has(key: Key): boolean {
    return this.#whole.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#whole.get(key);
  }

  keys(): MapIterator<Key> {
    return this.#part.keys();
  }

  values(): MapIterator<Value> {
    return this.#part.values();
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#part.entries();
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.#part) visit(value, key, this);
  }
}

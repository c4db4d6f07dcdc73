import { useLayoutEffect, useState } from 'preact/hooks';

/** A value that parts of the page share. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls back at each change; the answer ends that. */
  listen(heard: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const heard of [...listeners]) heard();
    },
    listen(heard) {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
  };
}

/** The store's value in a component, drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(() => store.get());
  useLayoutEffect(() => {
    const read = () => {
      setValue(() => store.get());
    };
    read();
    return store.listen(read);
  }, [store]);
  return value;
}

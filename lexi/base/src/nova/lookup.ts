/**
 * The value of `key`, or undefined when the record does not have it itself.
 *
 * Extra specs and image properties are written by users: a key such as `constructor` must not find what every
 * object inherits.
 */
export function lookup<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

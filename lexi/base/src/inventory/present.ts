/** `Value` with the members that may be `undefined` made optional. */
export type Present<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & {
  [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined>;
};

/** A copy of a record without the members that are `undefined`: unknown is absent. */
export function present<Value extends object>(value: Value): Present<Value>;
export function present(value: Readonly<Record<string, unknown>>): object {
  // not by assigning member after member, nor by deleting: either makes a large record six times as big
  return Object.fromEntries(Object.entries(value).filter(isThere));
}

const isThere = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

/** `map` of a value that may be absent. */
export const mapIf = <From, To>(value: From | undefined, map: (value: From) => To): To | undefined =>
  value === undefined ? undefined : map(value);

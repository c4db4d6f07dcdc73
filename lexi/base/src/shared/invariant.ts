/** A bug in this program, never a mistake in the input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Crashes when something that this program guarantees does not hold. */
export function invariant(holds: boolean, message: string): asserts holds {
  if (!holds) throw new InvariantError(message);
}

/** Marks a branch that no value can reach; a new member of a union makes it a compile error. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${String(value)}`);
}

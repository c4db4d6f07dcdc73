/** Why Nova refuses a flavor, an image or a recorded topology: the class of its exception and our words for it. */
export interface NovaError {
  /** Name of Nova's exception class, e.g. `ImageCPUPinningForbidden`. */
  readonly errorClass: string;
  readonly message: string;
}

/** A value, or the error that Nova raises in its place. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: NovaError };

/** The value of a check that passed. */
export function passed<T>(value: T): Checked<T> {
  return { ok: true, value };
}

/** The outcome of a check that Nova ends with an exception of class `errorClass`. */
export function refused(
  errorClass: string,
  message: string,
): { readonly ok: false; readonly error: NovaError } {
  return { ok: false, error: { errorClass, message } };
}

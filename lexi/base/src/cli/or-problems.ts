import { type Diagnostic, InputError } from '../shared/diagnostic.ts';

/** The value, or undefined and what is wrong with it, so that all problems are told at once; a bug stays a bug. */
export async function orProblems<Value>(
  work: () => Value | Promise<Value>,
  problems: Diagnostic[],
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

import { InputError } from './diagnostic.ts';

/**
 * The value of the text of a document of ours.
 *
 * @param document the first part of the code: `plan` gives `plan.not-json`
 * @throws InputError when it is no JSON.
 */
export function parseJsonText(text: string, document: string, source: string, hint?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const summary = `not JSON: ${error instanceof Error ? error.message : 'cannot be parsed'}`;
    throw new InputError(
      [
        {
          code: `${document}.not-json`,
          severity: 'error',
          summary,
          source,
          ...(hint !== undefined && { hint }),
        },
      ],
      { cause: error },
    );
  }
}

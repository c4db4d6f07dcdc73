import { inspect } from 'node:util';

const hidden = '***';

/** A password, token or the like: `reveal` alone hands it out; text, JSON and `inspect` show asterisks. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

/** Shorter ones stand in texts by chance. */
const shortest = 4;

/** The text with asterisks where it holds one of the secrets, as it is or as a URL or JSON would write it. */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < shortest) continue;
    for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]))
      clean = clean.replaceAll(form, hidden);
  }
  return clean;
}

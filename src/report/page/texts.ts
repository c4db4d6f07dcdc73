import { escapeControls, showName } from '../../shared/text.ts';

/** Texts that stand once, however often they are named. */
export interface Texts {
  /** The index of a text; characters that would act or hide are written as escapes. */
  readonly put: (text: string) => number;
  readonly all: () => readonly string[];
}

export function createTexts(): Texts {
  const indexes = new Map<string, number>();
  return {
    put(text) {
      const safe = escapeControls(text);
      const index = indexes.get(safe) ?? indexes.size;
      indexes.set(safe, index);
      return index;
    },
    all: () => [...indexes.keys()],
  };
}

/** More than any name of OpenStack has; the page shortens what does not fit. */
const longestName = 1024;

/** A name in full, with every character that would act or hide as an escape. */
export const nameOf = (raw: string): string => showName(raw, longestName);

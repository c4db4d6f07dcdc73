import { z } from 'zod';
import type { MicroversionRange } from './session.ts';

const Version = z.object({
  id: z.string(),
  version: z.string().nullish(),
  max_version: z.string().nullish(),
  min_version: z.string().nullish(),
});
const Document = z.union([
  z.object({ version: Version }).transform(({ version }) => [version]),
  z.object({ versions: z.array(Version) }).transform(({ versions }) => versions),
]);

const pattern = /^\d+\.\d+$/;

/** The microversions that a version document tells: of several versions those of the one that has any. */
export function rangeIn(body: unknown): MicroversionRange | undefined {
  for (const each of Document.safeParse(body).data ?? []) {
    const max = each.version ?? each.max_version ?? '';
    const min = each.min_version ?? '';
    if (pattern.test(max) && pattern.test(min)) return { min, max };
  }
  return undefined;
}

/** Negative where a is lower: `2.9` before `2.10`. */
export function compareMicroversions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor === bMajor ? aMinor - bMinor : aMajor - bMajor;
}

/** The highest microversion up to `wanted` that is offered; `undefined` where none from `least` on is. */
export function chooseMicroversion(
  range: MicroversionRange | undefined,
  wanted: string,
  least: string,
): string | undefined {
  if (range === undefined) return undefined;
  const highest = compareMicroversions(range.max, wanted) < 0 ? range.max : wanted;
  const enough = compareMicroversions(highest, least) >= 0 && compareMicroversions(range.min, highest) <= 0;
  return enough ? highest : undefined;
}

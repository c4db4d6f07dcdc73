import { compareText } from './collections.ts';

/** Up to three of the names that look most like the one that was typed; the nearest first. */
export function nearMatches(typed: string, names: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  const furthest = Math.max(1, Math.floor(wanted.length / 3));
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = distanceBetween(wanted, name.toLowerCase(), furthest);
    if (distance !== undefined) near.push({ name, distance });
  }
  return near
    .sort((a, b) => (a.distance === b.distance ? compareText(a.name, b.name) : a.distance - b.distance))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements between two texts; undefined when they are more than `furthest`. */
function distanceBetween(a: string, b: string, furthest: number): number | undefined {
  if (Math.abs(a.length - b.length) > furthest) return undefined;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const distance = row[b.length] ?? 0;
  return distance > furthest ? undefined : distance;
}

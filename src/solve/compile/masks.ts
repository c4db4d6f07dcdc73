import { at } from '../../shared/at.ts';
import type { Indexed } from './indexed.ts';

/** Which hosts each server may move to: the intersection of all sets that name it, equal ones folded. */
export function compileMasks(indexed: Indexed): {
  readonly masks: readonly Uint8Array[];
  readonly maskOf: Int32Array;
} {
  const all = new Uint8Array(indexed.hosts.length).fill(1, 0, indexed.arrivable);
  const masks: Uint8Array[] = [all];
  const byContent = new Map([[contentOf(all), 0]]);
  const maskOf = new Int32Array(indexed.servers.length);
  const intern = (mask: Uint8Array): number => {
    const content = contentOf(mask);
    const index = byContent.get(content) ?? masks.push(mask) - 1;
    byContent.set(content, index);
    return index;
  };
  for (const { servers, hosts } of indexed.masks.flatMap((primitive) => primitive.sets)) {
    const set = Uint8Array.from(indexed.hosts, (host) => (hosts.has(host) ? 1 : 0));
    const narrowed = new Map<number, number>();
    for (const server of servers) {
      const v = indexed.serverIndex.get(server);
      if (v === undefined) continue;
      const before = at(maskOf, v);
      const after =
        narrowed.get(before) ?? intern(at(masks, before).map((allowed, h) => allowed & (set[h] ?? 0)));
      narrowed.set(before, after);
      maskOf[v] = after;
    }
  }
  return { masks, maskOf };
}

/** Flags as text, sixteen a character: short enough to be a key on ten thousand hosts. */
export function contentOf(mask: Uint8Array): string {
  const codes: number[] = [];
  for (let h = 0; h < mask.length; h += 16) {
    let bits = 0;
    for (let b = 0; b < 16; b += 1) bits |= (mask[h + b] ?? 0) << b;
    codes.push(bits);
  }
  return codes.map((code) => String.fromCharCode(code)).join('');
}

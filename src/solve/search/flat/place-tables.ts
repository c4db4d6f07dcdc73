/** Tables of places by host, each stored once: that of a key begins at `offsetOf(key)`. */
export function createPlaceTables(hosts: number) {
  const offsets = new Map<Int32Array, number>();
  return {
    offsetOf(placeOf: Int32Array): number {
      const offset = offsets.get(placeOf) ?? offsets.size * hosts;
      offsets.set(placeOf, offset);
      return offset;
    },
    all(): Int32Array {
      const all = new Int32Array(offsets.size * hosts);
      for (const [placeOf, offset] of offsets) all.set(placeOf, offset);
      return all;
    },
  };
}

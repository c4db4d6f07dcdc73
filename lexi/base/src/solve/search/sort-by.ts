/** The items by a number, ascending; equal ones keep their order. */
export function sortBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => number): Item[] {
  return [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

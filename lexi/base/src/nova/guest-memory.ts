import { type Checked, passed, refused } from './checked.ts';
import type { FlavorFacts, PageSizeRequest } from './guest.ts';
import type { ImageProperties } from './image-properties.ts';
import { lookup } from './lookup.ts';
import { asciiDigits, isTrueText, pythonInt, pythonStrip } from './python-text.ts';

/** The page size that a guest wants, and whether the wish alone gives it a NUMA topology. */
export interface PageSizeWish {
  readonly pageSize: PageSizeRequest | undefined;
  readonly impliesTopology: boolean;
}

const exponents: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['K', 1],
  ['M', 2],
  ['G', 3],
  ['T', 4],
]);

/** Nova keeps the three wishes as these numbers; a flavor can write them as sizes (`-1KB`). */
const wishNumbers: ReadonlyMap<number, PageSizeRequest> = new Map<number, PageSizeRequest>([
  [-1, 'small'],
  [-2, 'large'],
  [-3, 'any'],
]);

/**
 * The page size of flavor and image together. An image may name one only where the flavor says `any` or `large`, and
 * it then replaces the flavor's.
 *
 * `"2MB"` is 2048 KiB, `"2M"` is an error, `"2Mb"` counts bits; `"0"` and `""` ask for nothing.
 * Errors: `MemoryPageSizeInvalid`, `MemoryPageSizeForbidden`. Source: `virt/hardware.py:_get_numa_pagesize_constraint`.
 */
export function pageSizeWish(flavor: FlavorFacts, image: ImageProperties): Checked<PageSizeWish> {
  const wanted = lookup(flavor.extraSpecs, 'hw:mem_page_size') ?? '';
  const byImage = image.memoryPageSize ?? '';
  if (wanted === '') {
    return byImage === ''
      ? passed({ pageSize: undefined, impliesTopology: false })
      : refused('MemoryPageSizeForbidden', `image asks for page size ${byImage}, the flavor names none`);
  }
  const size = parsePageSize(wanted);
  if (!size.ok || byImage === '') return size;
  if (size.value.pageSize !== 'any' && size.value.pageSize !== 'large') {
    return refused(
      'MemoryPageSizeForbidden',
      `image asks for page size ${byImage}, the flavor for ${wanted}`,
    );
  }
  return parsePageSize(byImage);
}

/**
 * Checks `hw:locked_memory` of flavor and image; it has no further weight here.
 * Errors: `FlavorImageLockedMemoryConflict`, `LockMemoryForbidden`. Source: `get_locked_memory_constraint`.
 */
export function checkLockedMemory(flavor: FlavorFacts, image: ImageProperties): Checked<undefined> {
  const text = lookup(flavor.extraSpecs, 'hw:locked_memory');
  const byFlavor = text === undefined ? undefined : isTrueText(text);
  if (byFlavor !== undefined && image.lockedMemory !== undefined && byFlavor !== image.lockedMemory) {
    return refused('FlavorImageLockedMemoryConflict', 'flavor and image disagree on locked memory');
  }
  const hasPageSize =
    (lookup(flavor.extraSpecs, 'hw:mem_page_size') ?? '') !== '' || (image.memoryPageSize ?? '') !== '';
  return (byFlavor ?? image.lockedMemory ?? false) && !hasPageSize
    ? refused('LockMemoryForbidden', 'locked memory needs hw:mem_page_size')
    : passed(undefined);
}

/** Labels of the persistent memory namespaces that `hw:pmem` asks for. Source: `virt/hardware.py:get_vpmems`. */
export function persistentMemoryLabels(flavor: FlavorFacts): readonly string[] {
  const labels = lookup(flavor.extraSpecs, 'hw:pmem') ?? '';
  return labels
    .split(',')
    .map((label) => pythonStrip(label))
    .filter((label) => label !== '');
}

function parsePageSize(text: string): Checked<PageSizeWish> {
  if (text === 'any' || text === 'large' || text === 'small')
    return passed({ pageSize: text, impliesTopology: true });
  const plain = asciiDigits(text);
  const sizeKiB = /^\d+$/.test(plain) ? pythonInt(plain) : bytesOf(plain);
  if (sizeKiB === undefined) return refused('MemoryPageSizeInvalid', `page size ${text} is not valid`);
  return passed({
    pageSize: wishNumbers.get(sizeKiB) ?? Math.trunc(sizeKiB), // a fraction of a KiB becomes 0 when Nova stores it
    impliesTopology: sizeKiB !== 0,
  });
}

/** KiB, perhaps with a fraction. Source: oslo.utils `strutils.string_to_bytes`, unit system IEC. */
function bytesOf(text: string): number | undefined {
  const match = /^([-+]?\d*\.?\d+)(?:([KMGT])i?)?(b|bit|B)\n?$/.exec(text);
  const exponent = exponents.get(match?.[2] ?? '');
  if (match === null || exponent === undefined) return undefined;
  const magnitude = Number(match[1]) / (match[3] === 'B' ? 1 : 8);
  return Math.ceil(magnitude * 1024 ** exponent) / 1024;
}

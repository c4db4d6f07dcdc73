import type { PageSizeRequest } from './guest.ts';
import type { GuestDemand } from './guest-demand.ts';
import type { HostLayout } from './host-layout.ts';

/**
 * Bugs of Nova's search that can change its verdict or choice:
 *
 * - `sticky-page-size`: a size that `large` or `any` (or `small`, where cells have unlike pages) resolved to on the
 *   first host cell tried stays for the next ones, even when that cell then failed otherwise;
 * - `cell-cache`: results of pairs are kept under ids that the search overwrites meanwhile (since 26.0.0).
 */
export type NovaQuirk = 'sticky-page-size' | 'cell-cache';

/**
 * The bugs that can make Nova refuse this guest on such a host, or choose other cells, where `fitGuest` finds a fit
 * (or the reverse, rarely). Empty means that the exact rules and Nova agree.
 */
export function mayDiffer(demand: GuestDemand, layout: HostLayout): readonly NovaQuirk[] {
  const quirks: NovaQuirk[] = [];
  const asks = (size: PageSizeRequest) => demand.cells.some((cell) => cell.pageSize === size);
  const sizes = new Set(layout.cells.flatMap((cell) => cell.pageSizesKiB));
  const smallest = new Set(layout.cells.flatMap((cell) => cell.pageSizesKiB.slice(0, 1)));
  const choices = Math.max(asks('any') || asks('large') ? sizes.size : 1, asks('small') ? smallest.size : 1);
  if (choices > 1 && layout.cells.length > 1) quirks.push('sticky-page-size');
  if (demand.cells.length > 1 && layout.cells.length > 2) quirks.push('cell-cache');
  return quirks;
}

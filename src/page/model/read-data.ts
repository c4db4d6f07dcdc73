import type { PageData } from '../../report/page/page-data.ts';
import { readPageData } from '../../report/page/packed.ts';

/** The plan's data, that the page carries. */
export function readData(document: Document): PageData {
  return readPageData(document.getElementById('plan-data')?.textContent ?? '');
}

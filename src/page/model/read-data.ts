import type { PageData } from '../../report/page/page-data.ts';

/** The plan's data, that the page carries as JSON. */
export function readData(document: Document): PageData {
  const data: unknown = JSON.parse(document.getElementById('page-data')?.textContent ?? 'null');
  if (!isPageData(data)) throw new Error('this page carries no plan');
  return data;
}

/** The page and its data come out of one build: it is enough to tell them from anything else. */
function isPageData(data: unknown): data is PageData {
  return typeof data === 'object' && data !== null && 'steps' in data && 'timetable' in data;
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Pages that the suite looks at, with the data in them beside them. */
export const pageNames = ['recorded', 'large', 'hostile', 'without-cloud'] as const;
export type PageName = (typeof pageNames)[number];

/** Where this run of the suite keeps its pages; the environment takes it to the processes of the tests. */
export const pageFolder = (): string => process.env['PLANNER_PAGES'] ?? join(tmpdir(), 'planner-pages');

export const pageFile = (name: PageName): string => join(pageFolder(), `${name}.html`);
export const dataFile = (name: PageName): string => join(pageFolder(), `${name}.json`);

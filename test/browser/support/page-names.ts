import { join } from 'node:path';

/** Pages that `planner report` writes of plans for the recorded cloud. */
export const recordedNames = [
  'recorded',
  'without-cloud',
  'renamed',
  'calendar',
  'evacuation',
  'one-host',
] as const;
export type RecordedName = (typeof recordedNames)[number];

/** Pages of data that is made up by rule. */
export const drawnNames = ['large', 'hostile'] as const;
export type DrawnName = (typeof drawnNames)[number];

export type PageName = RecordedName | DrawnName;

/** Where a page of a folder is. */
export const pageFile = (name: PageName, folder: string): string => join(folder, `${name}.html`);

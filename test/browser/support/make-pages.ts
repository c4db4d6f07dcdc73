import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawnPage } from './drawn-page.ts';
import { recordedPage } from './recorded-page.ts';
import { envelope } from './test-envelope.ts';
import { dataFile, pageFile, type PageName } from './page-folder.ts';

/** Makes the pages of the suite once for all its tests. */
export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'planner-pages-'));
  process.env['PLANNER_PAGES'] = folder;
  const hostile = drawnPage({ hosts: 6, moves: 12, hostile: true });
  const { cloud: _, ...without } = hostile;
  await write('recorded', recordedPage(folder));
  await write('large', JSON.stringify(drawnPage({ hosts: 1000, moves: 6000 })));
  await write('hostile', JSON.stringify(hostile));
  await write('without-cloud', JSON.stringify({ ...without, noCloud: 'No inventory was given.' }));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}

async function write(name: PageName, data: string): Promise<void> {
  writeFileSync(dataFile(name), data);
  writeFileSync(pageFile(name), await envelope(data));
}

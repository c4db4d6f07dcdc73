import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageData } from '../../../src/report/page/page-data.ts';
import { pageFile as htmlOf } from '../../../src/report/page/page-file.ts';
import { drawnPage } from './drawn-page.ts';
import { drawnNames, pageFile, recordedNames, type DrawnName } from './page-names.ts';
import { writeRecordedPage } from './recorded-pages.ts';

/** A new folder with every page of the suite. */
export async function makePages(): Promise<string> {
  const folder = createPageFolder();
  for (const name of recordedNames) await writeRecordedPage(name, folder);
  for (const name of drawnNames) writeDrawnPage(name, folder);
  return folder;
}

/** A new folder for pages, with their script and style in it as the build makes them. */
export function createPageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'planner-pages-'));
  const build = fileURLToPath(new URL('../../../.ci/build-page.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [build, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the page cannot be built: ${stderr}`);
  return folder;
}

/** Writes a page of data that no plan stands behind. */
export function writeDrawnPage(name: DrawnName, folder: string): void {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const html = htmlOf(dataFor(name), { script: read('page.js'), style: read('page.css') });
  writeFileSync(pageFile(name, folder), html);
}

function dataFor(name: DrawnName): PageData {
  switch (name) {
    case 'large':
      return drawnPage({ hosts: 1000, moves: 6000 });
    case 'hostile':
      return drawnPage({ hosts: 6, moves: 12, hostile: true });
  }
}

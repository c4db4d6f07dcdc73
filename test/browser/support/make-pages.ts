import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageData } from '../../../src/report/page/page-data.ts';
import { pageFile as htmlOf } from '../../../src/report/page/page-file.ts';
import { drawnPage } from './drawn-page.ts';
import { dataFile, pageFile, pageNames, type PageName } from './page-folder.ts';
import { recordedPage } from './recorded-page.ts';

/** Makes the pages of the suite once for all its tests, as the build and `planner report` make them. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'planner-pages-'));
  process.env['PLANNER_PAGES'] = folder;
  makePages(folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Builds the page and writes those asked for into the folder. */
export function makePages(folder: string, names: readonly PageName[] = pageNames): void {
  const build = fileURLToPath(new URL('../../../.ci/build-page.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [build, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the page cannot be built: ${stderr}`);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const assets = { script: read('page.js'), style: read('page.css') };
  const write = (name: PageName, data: PageData) => {
    writeFileSync(dataFile(name), JSON.stringify(data));
    writeFileSync(pageFile(name), htmlOf(data, assets));
  };

  for (const name of names) write(name, dataFor(name, folder));
}

function dataFor(name: PageName, folder: string): PageData {
  switch (name) {
    case 'recorded':
      return recordedPage(folder);
    case 'large':
      return drawnPage({ hosts: 1000, moves: 6000 });
    case 'hostile':
      return hostile;
    case 'without-cloud':
      return withoutCloud;
  }
}

const hostile = drawnPage({ hosts: 6, moves: 12, hostile: true });
const withoutCloud = drawnPage({ hosts: 6, moves: 12, noCloud: 'No inventory was given.' });

import type { PageAssets } from '../report/page/page-file.ts';
import { readTextFile } from './files.ts';
import { fileURLToPath } from 'node:url';

const hint = 'they are made when planner is built: npm run compile';

/**
 * What `planner report` puts into its page, from the folder beside the program.
 *
 * @throws InputError where the program was not built.
 */
export async function readPageAssets(folder = new URL('../page/', import.meta.url)): Promise<PageAssets> {
  const read = (name: string): Promise<string> => readTextFile(fileURLToPath(new URL(name, folder)), hint);
  return { script: await read('page.js'), style: await read('page.css') };
}

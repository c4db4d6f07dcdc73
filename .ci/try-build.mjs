// Tries what was built: the program with each solver's worker, and what the library reads beside itself.
//
//     node .ci/try-build.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'planner-build-'));

function planner(...words) {
  const program = join(root, 'dist', 'cli', 'main.js');
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`planner ${words.join(' ')} ends with ${status}: ${stderr}`);
}

/** An optional dependency may be missing. */
function isThere(name) {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}

try {
  planner('import', '--from', join(root, 'fixtures', 'zed-12hosts'), '--quiet');
  for (const solver of ['highs', 'jslp', ...(isThere('glpk.js/node') ? ['glpk'] : [])]) {
    const plan = ['--goal', 'consolidate', '--solver', solver, '--effort', '3', '--threads', '2', '--quiet'];
    planner('rebalance', ...plan, '--out', `${solver}.json`);
    planner('verify', `${solver}.json`);
    // Without its worker a solver proves nothing, and planning goes on with what the search finds.
    const { objective } = JSON.parse(readFileSync(join(folder, `${solver}.json`), 'utf8'));
    if (objective.bound === undefined) throw new Error(`${solver} has proven nothing`);
  }
  const library = await import('../dist/index.js');
  const { goals, profiles } = await library.loadCatalog();
  if (goals.size === 0 || profiles.size === 0) throw new Error('the library finds no goals or profiles');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

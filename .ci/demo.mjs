// Reads a small cloud, plans its consolidation, verifies the plan and writes its review page: `npm run demo`.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const commands = [
  ['import', '--from', 'fixtures/zed-12hosts', '-o', 'inventory.json'],
  [
    'rebalance',
    '--goal',
    'consolidate',
    '--allow',
    'cold',
    '--inventory',
    'inventory.json',
    '--out',
    'plan.json',
  ],
  ['verify', 'plan.json', '--inventory', 'inventory.json'],
  ['report', 'plan.json', '--inventory', 'inventory.json', '-o', 'plan.html'],
];

for (const args of commands) {
  console.log(`\n$ planner ${args.join(' ')}`);
  const { status, error } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: dirname(dirname(fileURLToPath(import.meta.url))),
    stdio: 'inherit',
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

// Makes `npm test` and `npm run demo` work as the first command in a fresh clone: runs `npm ci` when node_modules
// is not what package-lock.json asks for, and does nothing when it is. Prints to stderr only; no dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = Object.entries(readPackages('package-lock.json')).filter(([path]) => path !== '');

const problem = firstProblem();
if (problem !== undefined) {
  console.error(`installing dependencies (${problem})`);
  const status = npm('ci', '--include=dev');
  if (status !== 0) process.exit(status);
}

// `npm ci --omit=optional` leaves glpk.js out, as it should, and with it the binaries that our tools bring as optional.
const tools = missingToolBinaries();
if (tools.length > 0) {
  console.error(`installing what the development tools need on this machine (${tools.join(', ')})`);
  npm('install', '--no-save', '--include=dev', '--omit=optional', ...tools); // where this fails the tool says what it lacks
}

/** What the lockfile asks for and node_modules lacks, in words, or undefined. */
function firstProblem() {
  const installed = readInstalled();
  if (installed === undefined) return 'node_modules is missing';

  for (const [path, { version, optional, devOptional }] of wanted) {
    const found = installed[path];
    if (found === undefined && (optional || devOptional)) continue; // for another machine, or left out on purpose
    if (found?.version !== version) return `${path} ${version} is not installed`;
    if (!existsSync(join(root, path, 'package.json'))) return `${path} is gone`;
  }
  return undefined;
}

/** Native parts of development tools that this machine could run and that are not installed, as `name@version`. */
function missingToolBinaries() {
  const installed = readInstalled() ?? {};
  const missing = wanted.filter(
    ([path, { dev, optional }]) => dev && optional && installed[path] === undefined,
  );
  if (missing.every(([, entry]) => !isFor(entry.os, process.platform) || !isFor(entry.cpu, process.arch)))
    return [];

  const libc = usesGlibc() ? 'glibc' : 'musl';
  return missing
    .filter(([, entry]) => isFor(entry.os, process.platform) && isFor(entry.cpu, process.arch))
    .filter(
      ([, entry]) => entry.libc === undefined || process.platform !== 'linux' || isFor(entry.libc, libc),
    )
    .map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`);
}

function isFor(list, name) {
  return list?.includes(name) ?? false;
}

function usesGlibc() {
  process.report.excludeNetwork = true; // else it looks up the name of every interface
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

function readInstalled() {
  return readPackages('node_modules/.package-lock.json'); // npm's own record of what it installed
}

function readPackages(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function npm(...args) {
  const { error, status } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32', // npm is a .cmd there
  });
  if (error) console.error(`cannot run npm: ${error.message}`);
  return status ?? 1;
}

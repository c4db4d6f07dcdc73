import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notToBeHad } from './apt-answer.ts';
import { places } from './places.ts';

const packages = [
  'python3-keystone',
  'python3-nova',
  'python3-placement',
  'mariadb-client-core',
  'mariadb-server-core',
  'rabbitmq-server',
  'uwsgi-core',
  'uwsgi-plugin-python3',
];
/** What a cloud of a few hosts takes. */
const neededMiB = 2500;
const apiPaste = join(places.debian, 'api-paste.ini');
const noService = '/usr/sbin/policy-rc.d';

/** Why this machine cannot run the lab, or undefined. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root, to install packages and to run them';
  if (!isBookworm()) return 'it needs Debian 12 (bookworm), whose Nova is Zed';
  if (process.availableMemory() < neededMiB * 1024 * 1024)
    return `it needs ${neededMiB} MiB of memory that is free`;
  const needs = [...missing(), ...(existsSync(apiPaste) ? [] : ['nova-common'])];
  if (needs.length > 0 && !reachable())
    return `Debian's packages ${needs.join(', ')} are to be fetched, and no package server answers (apt-get update fails)`;
  return undefined;
}

/** A machine without the packages, which nobody can mend here: a reason to skip, no failure. */
export class NotToBeHad extends Error {}

/**
 * Installs what is missing, without starting any service of a package. Throws `NotToBeHad` where a package cannot be
 * fetched, at whatever point.
 */
export function install(say: (line: string) => void): void {
  const wanted = missing();
  if (wanted.length > 0) {
    say(`installing ${wanted.join(', ')}`);
    const held = existsSync(noService);
    if (!held) writeFileSync(noService, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    try {
      run('apt-get', [
        '-qq',
        '-y',
        '-o',
        'Dpkg::Options::=--force-unsafe-io',
        '--no-install-recommends',
        'install',
        ...wanted,
      ]);
    } finally {
      if (!held) rmSync(noService);
    }
  }
  takeApiPaste();
}

function isBookworm(): boolean {
  const file = '/etc/os-release';
  return existsSync(file) && /^VERSION_CODENAME=bookworm$/m.test(readFileSync(file, 'utf8'));
}

function missing(): string[] {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...packages], {
    encoding: 'utf8',
  });
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Whether the package lists can be fetched, which installing needs anyway. */
function reachable(): boolean {
  return apt(['-qq', '-o', 'APT::Update::Error-Mode=any', 'update']).status === 0;
}

/** Nova's API needs its paste.ini, which Debian ships in a package that would set up a database: we take the file. */
function takeApiPaste(): void {
  if (existsSync(apiPaste)) return;

  const folder = mkdtempSync(join(tmpdir(), 'planner-lab-'));
  try {
    run('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', 'nova-common'], folder);
    for (const name of readdirSync(folder)) run('dpkg-deb', ['-x', name, 'files'], folder);
    mkdirSync(places.debian, { recursive: true });
    cpSync(join(folder, 'files', 'usr', 'share', 'nova-common', 'api-paste.ini'), apiPaste);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], cwd?: string): void {
  const { status, stderr } =
    program === 'apt-get' ? apt(args, cwd) : spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  const reason = program === 'apt-get' ? notToBeHad(stderr) : undefined;
  if (reason !== undefined) throw new NotToBeHad(`Debian's packages cannot be fetched: ${reason}`);
  throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
}

function apt(args: readonly string[], cwd?: string) {
  return spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
}

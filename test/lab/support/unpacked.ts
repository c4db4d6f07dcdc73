import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { places } from './places.ts';

/** The files of a package of Debian in a folder of their own, without its service; or why there are none. */
export type Unpacked =
  | { readonly kind: 'folder'; readonly folder: string; readonly remove: () => void }
  | { readonly kind: 'nothing'; readonly reason: string };

/**
 * Unpacks a package and looks whether its program runs here, as its own dependencies are not installed. The package
 * itself is kept from one run to the next.
 */
export function unpack(name: string, program: string): Unpacked {
  const archive = kept(name) ?? download(name);
  if (archive === undefined) return { kind: 'nothing', reason: `no package server has ${name}` };
  // where any user may go: not every service runs as root
  const folder = mkdtempSync(join(tmpdir(), 'planner-lab-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const { status } = spawnSync('dpkg-deb', ['-x', archive, folder]);
  const runs = status === 0 && spawnSync(join(folder, program), ['--version']).status === 0;
  if (runs) return { kind: 'folder', folder, remove };
  remove();
  return { kind: 'nothing', reason: `${program} of ${name} does not run here` };
}

function kept(name: string): string | undefined {
  if (!existsSync(places.debian)) return undefined;
  const file = readdirSync(places.debian).find(
    (each) => each.startsWith(`${name}_`) && each.endsWith('.deb'),
  );
  return file === undefined ? undefined : join(places.debian, file);
}

function download(name: string): string | undefined {
  mkdirSync(places.debian, { recursive: true });
  const get = () =>
    spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: places.debian })
      .status === 0;
  if (!get()) {
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=600', 'update']);
    if (!get()) return undefined;
  }
  return kept(name);
}

/** A port of the loopback that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (isInet(address)) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}

const isInet = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

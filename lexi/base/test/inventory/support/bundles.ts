import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import type { Inventory } from '../../../src/inventory/document.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Host } from '../../../src/model/host.ts';
import { hostId } from '../../../src/model/ids.ts';
import type { Server } from '../../../src/model/server.ts';
import { type Diagnostic, InputError } from '../../../src/shared/diagnostic.ts';

/** The recorded cloud. */
export const zed = 'fixtures/zed-12hosts';

/** A folder for one test, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'planner-inventory-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A bundle of these files: objects as JSON, lists of rows as JSON lines where the name ends in `.jsonl`. */
export function bundleOf(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) put(folder, name, content);
  return folder;
}

/** Part of the recorded cloud, with files put over it. */
export function partOf(parts: readonly string[], files: Readonly<Record<string, unknown>> = {}): string {
  const folder = temporaryFolder();
  for (const part of parts) cpSync(join(zed, part), join(folder, part), { recursive: true });
  for (const [name, content] of Object.entries(files)) put(folder, name, content);
  return folder;
}

function put(folder: string, name: string, content: unknown): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOf(name, content));
}

function textOf(name: string, content: unknown): string {
  if (typeof content === 'string') return content;
  if (!name.endsWith('.jsonl') || !Array.isArray(content)) return JSON.stringify(content);
  return content.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** The cloud of a bundle. */
export const cloudOf = (folder: string): Cloud => toCloud(importBundle(folder).inventory);

/** A fresh copy of the inventory of the recorded cloud. */
export const zedInventory = (): Inventory => importBundle(zed).inventory;

export function serverNamed(cloud: Cloud, name: string): Server {
  const found = [...cloud.servers.values()].find((server) => server.name === name);
  if (found === undefined) throw new Error(`no server ${name}`);
  return found;
}

export function hostNamed(cloud: Cloud, name: string): Host {
  const found = cloud.hosts.get(hostId(name));
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

/** The problems that a call throws; none when it does not throw. */
export function problemsOf(call: () => unknown): readonly Diagnostic[] {
  try {
    call();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
}

/** The smallest bundle that has a host: to be completed by a test. */
export const oneHost = {
  'api/nova/os-services.json': {
    services: [
      {
        binary: 'nova-compute',
        host: 'h1',
        id: 'service-1',
        zone: 'nova',
        status: 'enabled',
        state: 'up',
        forced_down: false,
        updated_at: '2026-01-02T03:04:05.000000',
      },
    ],
  },
};

import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../shared/diagnostic.ts';
import type { Inventory } from './document.ts';
import { ioProblem, isSystemError } from './io-problem.ts';
import { scanJson } from './json-scan.ts';
import { parseJson } from './json-text.ts';
import { limits } from './limits.ts';
import { parseInventory } from './parse.ts';
import { printInventory } from './print.ts';

/**
 * Reads an inventory, plain or gzipped: told by its content, not by its name. Throws one `InputError` with every
 * problem, each with the place, the value, the limit and what to do.
 */
export function readInventory(path: string): Inventory {
  return parseInventory(parseJson(readText(path), path), path);
}

/**
 * Writes an inventory, gzipped where the name ends in `.gz`; equal inventories give equal bytes. The file is made
 * beside its place and renamed: whatever fails, what stood there stands there still.
 */
export function writeInventory(path: string, inventory: Inventory): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeWhole(beside, inventory, path.endsWith('.gz'));
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    if (isSystemError(error))
      throw new InputError([ioProblem('inventory.unwritable', 'written', path, error)]);
    throw error;
  }
}

function writeWhole(path: string, inventory: Inventory, zipped: boolean): void {
  const file = openSync(path, 'wx');
  try {
    const pieces: Buffer[] = [];
    printInventory(inventory, (text) => {
      if (zipped) pieces.push(Buffer.from(text));
      else writeAll(file, Buffer.from(text));
    });
    if (zipped) writeAll(file, gzipSync(Buffer.concat(pieces)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function readText(path: string): string {
  const bytes = readBytes(path);
  if (bytes.length === 0) {
    throw new InputError([
      { code: 'inventory.not-json', severity: 'error', summary: 'the file is empty', source: path },
    ]);
  }
  if (!isUtf8(bytes)) {
    throw new InputError([
      {
        code: 'inventory.not-json',
        severity: 'error',
        summary: 'the file is no text: its bytes are not UTF-8',
        source: path,
        hint: 'an inventory is a JSON text, plain or gzipped',
      },
    ]);
  }
  const hopeless = scanJson(bytes, path);
  if (hopeless !== undefined) throw new InputError([hopeless]);
  return bytes.toString('utf8');
}

function readBytes(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > limits.bytes) throw tooLarge(path, `${size} bytes are`);
      const bytes = readFileSync(file);
      return bytes[0] === 0x1f && bytes[1] === 0x8b
        ? gunzipSync(bytes, { maxOutputLength: limits.bytes })
        : bytes;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, 'what is gzipped here is');
    throw new InputError([ioProblem('inventory.unreadable', 'read', path, error)]);
  }
}

const tooLarge = (path: string, what: string): InputError =>
  new InputError([
    {
      code: 'inventory.too-large',
      severity: 'error',
      summary: `${what} more than this program reads`,
      source: path,
      limit: limits.bytes,
      hint: 'import one region or Nova cell at a time',
    },
  ]);

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { compareText, groupBy } from '../shared/collections.ts';
import type { Gap } from './document/cloud-records.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { ioProblem, isSystemError } from './io-problem.ts';
import { limits } from './limits.ts';
import { parseJson } from './json-text.ts';
import type { Item, ReplyById } from './replies.ts';
import { firstDifference } from './order.ts';

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** A directory of recordings: `api/`, `cli/`, `db/`, `host-facts/`, `metrics/`. */
export interface Bundle {
  readonly directory: string;
  /** Where folders are that are kept elsewhere. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** What was looked for and not there, or not whole; readers add to it. */
  readonly gaps: Gap[];
  /** What is in its folders, as far as somebody has looked. */
  readonly folders: Map<string, readonly Entry[]>;
}

export const openBundle = (
  directory: string,
  elsewhere: ReadonlyMap<string, string> = new Map<string, string>(),
): Bundle => ({ directory, elsewhere, gaps: [], folders: new Map() });

/** Where a file or folder of the bundle really is. */
export function placeOf({ directory, elsewhere }: Bundle, path: string): string {
  const [top = '', ...rest] = path.split(sep);
  const other = elsewhere.get(top);
  return other === undefined ? join(directory, path) : join(other, ...rest);
}

/** The items of a listing, its pages merged; of several microversions the richest. `undefined` when there is none. */
export function listing(
  bundle: Bundle,
  service: string,
  resource: string,
  member: string,
): readonly Item[] | undefined {
  const folder = join('api', service);
  const files = namesIn(bundle, folder)
    .map((name) => ({ name, ...variantOf(name, resource) }))
    .filter((file) => file.variant !== undefined);
  const variants = [...groupBy(files, (file) => file.variant ?? '').entries()]
    .map(([variant, pages]) => ({
      microversion: variant,
      items: pagesOf(bundle, folder, member, pages),
    }))
    .filter(({ items }) => items !== undefined)
    .sort((a, b) =>
      firstDifference(richness(b.items) - richness(a.items), compareVersions(b.microversion, a.microversion)),
    );
  return variants[0]?.items;
}

/** The replies of a folder with one file an id. */
export function repliesById(bundle: Bundle, service: string, folder: string): ReplyById[] {
  const path = join('api', service, folder);
  return namesIn(bundle, path)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const item = readReply(bundle, join(path, name));
      return item === undefined ? [] : [{ ...item, id: name.slice(0, -'.json'.length) }];
    });
}

/** The names of the folders in a folder of a service, ascending. */
export const foldersOf = (bundle: Bundle, service: string, folder: string): string[] =>
  foldersIn(bundle, join('api', service, folder));

/** The names of the folders in a folder of the bundle, ascending. */
export const foldersIn = (bundle: Bundle, folder: string): string[] =>
  entriesIn(bundle, folder)
    .filter((entry) => entry.kind === 'folder')
    .map((entry) => entry.name);

/** One reply; `undefined` when there is no such file, or it is empty because the call failed. */
export function reply(bundle: Bundle, ...path: string[]): Item | undefined {
  const file = join('api', ...path);
  const [name = ''] = path.slice(-1);
  return namesIn(bundle, join('api', ...path.slice(0, -1))).includes(name)
    ? readReply(bundle, file)
    : undefined;
}

interface Variant {
  readonly variant: string | undefined;
  readonly page: number;
}

/** `servers-detail-2.92.page01.json` is page 1 of variant `2.92`; a name without a microversion has variant ``. */
function variantOf(name: string, resource: string): Variant {
  const rest = name.startsWith(resource) ? name.slice(resource.length) : undefined;
  const match = /^(?:-(\d+\.\d+(?:-[a-z-]+)?))?(?:\.page(\d+))?\.json$/.exec(rest ?? '');
  return match === null
    ? { variant: undefined, page: 0 }
    : { variant: match[1] ?? '', page: Number(match[2] ?? '1') };
}

function pagesOf(
  bundle: Bundle,
  folder: string,
  member: string,
  files: readonly { readonly name: string; readonly page: number }[],
): Item[] | undefined {
  const pages = [...files].sort((a, b) => a.page - b.page);
  const listings = pages.map(({ name }) => readListing(bundle, join(folder, name), member));
  const late = pages.findIndex(({ page }, at) => page !== at + 1);
  const after = pages[late];
  if (after !== undefined) {
    const summary = `${join(folder, after.name)} is page ${after.page} where page ${late + 1} should follow`;
    noteGap(bundle, 'missing-page', summary);
  }
  if (listings.at(-1)?.goesOn === true) {
    noteGap(
      bundle,
      'missing-page',
      `${join(folder, pages.at(-1)?.name ?? '')} names a next page that is not there`,
    );
  }
  const items = listings.flatMap((page) => page.items ?? []);
  return listings.every((page) => page.items === undefined) ? undefined : items;
}

interface Listing {
  readonly items: readonly Item[] | undefined;
  readonly goesOn: boolean;
}

const anyObject = z.record(z.string(), z.unknown());
const nextLinks = z.array(z.object({ rel: z.literal('next') }).loose()).min(1);

function readListing(bundle: Bundle, file: string, member: string): Listing {
  const item = readReply(bundle, file);
  const body = anyObject.safeParse(item?.value).data ?? {};
  const list = z.array(z.unknown()).safeParse(body[member]);
  if (!list.success) {
    if (item !== undefined) noteGap(bundle, 'no-listing', `${file} holds no list ${member}: skipped`);
    return { items: undefined, goesOn: false };
  }
  return {
    items: list.data.map((value, at) => ({ source: file, path: [member, at], value })),
    goesOn: nextLinks.safeParse(body[`${member}_links`]).success,
  };
}

/** How many different members the items have: a newer microversion is not always the richer one. */
function richness(items: readonly Item[] | undefined): number {
  const members = new Set<string>();
  for (const { value } of items ?? []) {
    for (const member of Object.keys(anyObject.safeParse(value).data ?? {})) members.add(member);
  }
  return members.size;
}

function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split(/[.-]/).map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(/[.-]/).map(Number);
  return firstDifference(aMajor - bMajor, aMinor - bMinor, compareText(a, b));
}

/** The JSON value in a file; `undefined` when the file is empty. */
export function readReply(bundle: Bundle, file: string): Item | undefined {
  const content = readText(bundle, file);
  return content === undefined ? undefined : { source: file, path: [], value: parseJson(content, file) };
}

/** The text in a file, which may be gzipped; `undefined` when it is empty because the call failed. */
export function readText(bundle: Bundle, file: string): string | undefined {
  const path = placeOf(bundle, file);
  if (statSync(path).size > limits.bytes) throw new InputError([tooLarge(file)]);
  const bytes = readFileSync(path);
  const content = (file.endsWith('.gz') ? unzipped(bytes, file) : bytes).toString('utf8');
  if (content.trim() !== '') return content;
  noteGap(bundle, 'empty-file', `${file} is empty: the call that should fill it failed`);
  return undefined;
}

function unzipped(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.bytes });
  } catch (error) {
    if (error instanceof RangeError) throw new InputError([tooLarge(file)]);
    if (isSystemError(error)) throw new InputError([ioProblem('inventory.unreadable', 'read', file, error)]);
    throw error;
  }
}

const tooLarge = (source: string): Diagnostic => ({
  code: 'inventory.too-large',
  severity: 'error',
  summary: 'the file is larger than anything that this program reads',
  source,
  limit: limits.bytes,
  hint: 'import one region or Nova cell at a time',
});

/** The names of the files in a folder of the bundle, ascending. */
export function namesIn(bundle: Bundle, folder: string): string[] {
  return entriesIn(bundle, folder)
    .filter((entry) => entry.kind === 'file')
    .map((entry) => entry.name);
}

function entriesIn(bundle: Bundle, folder: string): readonly Entry[] {
  const known = bundle.folders.get(folder);
  if (known !== undefined) return known;
  const names = namesAt(placeOf(bundle, folder)).sort(compareText);
  const entries = names.flatMap((name) => entryAt(bundle, join(folder, name), name));
  bundle.folders.set(folder, entries);
  return entries;
}

function namesAt(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}

/**
 * Links count as what they lead to; one that leads nowhere is not there. A pipe or a device is never opened: it may
 * not end.
 */
function entryAt(bundle: Bundle, file: string, name: string): readonly Entry[] {
  try {
    const found = statSync(placeOf(bundle, file), { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (found.isDirectory()) return [{ name, kind: 'folder' }];
    if (found.isFile()) return [{ name, kind: 'file' }];
    noteGap(bundle, 'no-file', `${file} is neither a file nor a folder: skipped`);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ELOOP') throw error;
    noteGap(bundle, 'no-file', `${file} is a link that leads back to itself: skipped`);
  }
  return [];
}

/** Writes down what was looked for in vain. */
export function noteGap(bundle: Bundle, code: string, summary: string): void {
  bundle.gaps.push({ code: `bundle.${code}`, summary });
}

import { join } from 'node:path';
import { z } from 'zod';
import { compareText } from '../../shared/collections.ts';
import { type Bundle, foldersIn, namesIn, noteGap, readReply } from '../bundle-files.ts';
import { firstDifference } from '../order.ts';
import type { Item, ReplyById } from '../replies.ts';

/**
 * The rows that a command printed (`cli/<command>.json`). Of several recordings (`server-list-long.json`,
 * `server-group-list-2.64.json`) the one with the most rows, then the most columns filled, then the newest.
 */
export function rowsOf(bundle: Bundle, command: string): readonly Item[] | undefined {
  const variants = namesIn(bundle, 'cli')
    .filter((name) => isVariant(name, command, '.json'))
    .map((name) => ({ name, rows: rowsIn(bundle, join('cli', name)) ?? [] }))
    .sort((a, b) =>
      firstDifference(
        b.rows.length - a.rows.length,
        filledColumns(b.rows) - filledColumns(a.rows),
        compareVersions(b.name, a.name),
      ),
    );
  return variants[0]?.rows;
}

/** The rows in every file of a command that was asked once for each id (`cli/<command>/<id>.json`). */
export const rowsById = (
  bundle: Bundle,
  command: string,
): readonly { readonly id: string; readonly rows: readonly Item[] }[] =>
  filesOf(bundle, command).flatMap(({ id, file }) => {
    const rows = rowsIn(bundle, file);
    return rows === undefined ? [] : [{ id, rows }];
  });

/** What a `show` command printed for each id; of several recordings of one id the one with the most members. */
export function shownById(bundle: Bundle, command: string): readonly ReplyById[] {
  const richest = new Map<string, ReplyById>();
  for (const { id, file } of filesOf(bundle, command)) {
    const item = readReply(bundle, file);
    if (item === undefined) continue;
    const known = richest.get(id);
    if (known === undefined || filledColumns([item]) > filledColumns([known]))
      richest.set(id, { ...item, id });
  }
  return [...richest.values()].sort((a, b) => compareText(a.id, b.id));
}

const filesOf = (bundle: Bundle, command: string): { readonly id: string; readonly file: string }[] =>
  foldersIn(bundle, 'cli')
    .filter((name) => isVariant(name, command, ''))
    .flatMap((folder) =>
      namesIn(bundle, join('cli', folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => ({ id: name.slice(0, -'.json'.length), file: join('cli', folder, name) })),
    );

/** `server-list-long.json` is a variant of `server-list`; `server-list` itself is one too. */
const isVariant = (name: string, command: string, ending: string): boolean =>
  name.startsWith(command) &&
  name.endsWith(ending) &&
  /^(?:-(?:\d+\.\d+|long|all|default-limit))*$/.test(name.slice(command.length, name.length - ending.length));

function rowsIn(bundle: Bundle, file: string): Item[] | undefined {
  const item = readReply(bundle, file);
  if (item === undefined) return undefined;
  const list = z.array(z.unknown()).safeParse(item.value);
  if (!list.success) {
    noteGap(bundle, 'no-listing', `${file} holds no list of rows: skipped`);
    return undefined;
  }
  return list.data.map((value, at) => ({ source: file, path: [at], value }));
}

const anyObject = z.record(z.string(), z.unknown());

/** From 2.88 on the client prints columns that it has nothing to put into. */
function filledColumns(items: readonly Item[]): number {
  const filled = new Set<string>();
  for (const { value } of items) {
    for (const [column, content] of Object.entries(anyObject.safeParse(value).data ?? {})) {
      if (content !== '' && content !== null) filled.add(column);
    }
  }
  return filled.size;
}

function compareVersions(a: string, b: string): number {
  const [aVersion, bVersion] = [a, b].map((name) => /(\d+)\.(\d+)/.exec(name) ?? ['', '0', '0']);
  return firstDifference(
    Number(aVersion?.[1]) - Number(bVersion?.[1]),
    Number(aVersion?.[2]) - Number(bVersion?.[2]),
    compareText(b, a),
  );
}

import { z } from 'zod';
import { chooseMicroversion } from '../../openstack/microversion.ts';
import { OpenStackError } from '../../openstack/openstack-error.ts';
import { pages } from '../../openstack/pages.ts';
import { type Service, services } from '../../openstack/services.ts';
import type { ApiCall, Session } from '../../openstack/session.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { problemOf } from './problems.ts';
import type { Recording } from './recording.ts';

/** How far a live import is. */
export interface LiveProgress {
  /** `servers`, `topologies of servers` … */
  readonly what: string;
  readonly done: number;
  /** Absent where nobody knows beforehand. */
  readonly total?: number;
}

/** One live import under way. */
export interface Asking {
  readonly session: Session;
  readonly recording: Recording;
  /** What must be told and was not. */
  readonly problems: Diagnostic[];
  readonly onProgress: (progress: LiveProgress) => void;
  /** Ids asked about at a time. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

/** Items of a listing as they come. */
export type Item = Readonly<Record<string, unknown>>;

export interface Listing {
  readonly service: Service;
  readonly path: string;
  /** The member of the answer with the items. */
  readonly member: string;
  /** Where it is kept: `api/nova/servers-detail`. */
  readonly file: string;
  /** The highest that is understood, and the lowest that is enough. */
  readonly microversion?: { readonly wanted: string; readonly least: string };
  readonly query?: ApiCall['query'];
  /** Items a page; absent where the call knows no pages. */
  readonly limit?: number;
  /** Pages are asked for by the number of items before them. */
  readonly byOffset?: boolean;
  /** Whether an inventory needs it. */
  readonly required?: boolean;
  /** The number of the first page. */
  readonly firstPage?: number;
  /** Which items are kept; all when absent. */
  readonly keep?: (item: Item) => boolean;
}

const Items = z.array(z.record(z.string(), z.unknown()));

/**
 * Asks for a listing page by page and keeps each; `use` sees the items of one page at a time. What fails is a problem
 * where the listing is required, else a gap. Returns how many pages were kept.
 */
export async function saveListing(
  asking: Asking,
  listing: Listing,
  use: (items: readonly Item[]) => void = () => undefined,
): Promise<number> {
  const { firstPage = 1, member } = listing;
  let page = firstPage;
  let done = 0;
  try {
    const microversion = await microversionFor(asking.session, listing.service, listing.microversion);
    for await (const body of bodiesOf(asking, listing, microversion)) {
      const all = itemsOf(body, listing);
      const items = listing.keep === undefined ? all : all.filter(listing.keep);
      use(items);
      done += items.length;
      asking.onProgress({ what: nameOf(listing.file), done });
      // the link to the next page goes with what is left out
      const kept = listing.keep === undefined ? body : { [member]: items };
      if (listing.keep !== undefined && items.length === 0 && page > 1) continue;
      await asking.recording.save(fileOf(listing.file, microversion, page), kept);
      page += 1;
    }
  } catch (error) {
    noteFailure(asking, error, nameOf(listing.file), listing.required === true);
  }
  return page - firstPage;
}

type Body = Readonly<Record<string, unknown>>;

async function* bodiesOf(
  { session, signal }: Asking,
  listing: Listing,
  microversion: string | undefined,
): AsyncGenerator<Body> {
  const { byOffset = false, limit, member, path, query, service } = listing;
  const call = {
    service,
    method: 'GET',
    path,
    ...(microversion !== undefined && { microversion }),
    ...(query !== undefined && { query }),
    ...(signal !== undefined && { signal }),
  } as const;
  if (!byOffset || limit === undefined) {
    for await (const { body } of pages(session, { ...call, member, ...(limit !== undefined && { limit }) }))
      yield bodyOf(body, listing);
    return;
  }
  for (let offset = 0, length = limit; length >= limit; offset += length) {
    const reply = await session.request({ ...call, query: { ...query, limit, offset } });
    const body = bodyOf(reply.body, listing);
    length = itemsOf(body, listing).length;
    yield body;
  }
}

function bodyOf(body: unknown, listing: Listing): Body {
  const parsed = z.record(z.string(), z.unknown()).safeParse(body);
  return parsed.success ? parsed.data : noList(listing);
}

const itemsOf = (body: Body, listing: Listing): readonly Item[] =>
  Items.safeParse(body[listing.member]).data ?? noList(listing);

function noList({ member, path, service }: Listing): never {
  throw new OpenStackError({
    kind: 'not-json',
    service,
    call: `GET ${path}`,
    message: `${services[service].called} answered GET ${path} without a list ${member}`,
    hint: 'a proxy between may have replaced the answer: try again, and look at its log',
  });
}

/** The highest that both sides know; `undefined` for services that have none. */
export async function microversionFor(
  session: Session,
  service: Service,
  range: Listing['microversion'],
): Promise<string | undefined> {
  if (range === undefined) return undefined;
  const offered = await session.microversions(service);
  const chosen = chooseMicroversion(offered, range.wanted, range.least);
  if (chosen !== undefined) return chosen;
  const { called } = services[service];
  throw new OpenStackError({
    kind: 'not-acceptable',
    service,
    call: 'versions',
    message:
      offered === undefined
        ? `${called} tells no microversions`
        : `${called} offers microversions ${offered.min} to ${offered.max}, and ${range.least} is needed`,
  });
}

export interface EachOf {
  readonly service: Service;
  /** What it is, in words: `topologies of servers`. */
  readonly what: string;
  readonly microversion?: Listing['microversion'];
  readonly path: (id: string) => string;
  readonly file: (id: string) => string;
}

/**
 * Asks about each id and keeps the answers. One that is gone meanwhile is left out; what fails otherwise is one gap
 * that counts them. A policy that refuses the first refuses all.
 */
export async function saveEach(asking: Asking, ids: readonly string[], each: EachOf): Promise<void> {
  const failed: OpenStackError[] = [];
  let done = 0;
  try {
    const microversion = await microversionFor(asking.session, each.service, each.microversion);
    await inParallel(ids, asking.parallel, async (id) => {
      if (failed.some(({ kind }) => kind === 'forbidden')) return;
      const error = await failureOf(saveOne(asking, id, each, microversion));
      if (error !== undefined && error.kind !== 'not-found') failed.push(error);
      done += 1;
      asking.onProgress({ what: each.what, done, total: ids.length });
    });
  } catch (error) {
    noteFailure(asking, error, each.what, false);
  }
  const [first] = failed;
  if (first === undefined) return;
  const many = first.kind === 'forbidden' ? '' : `${failed.length} of ${ids.length} `;
  noteFailure(asking, first, many + each.what, false);
}

async function saveOne(
  { recording, session, signal }: Asking,
  id: string,
  each: EachOf,
  microversion: string | undefined,
): Promise<void> {
  const { body } = await session.request({
    service: each.service,
    method: 'GET',
    path: each.path(id),
    ...(microversion !== undefined && { microversion }),
    ...(signal !== undefined && { signal }),
  });
  await recording.save(each.file(id), body);
}

/** Why the cloud did not answer; `undefined` when it did. */
async function failureOf(work: Promise<void>): Promise<OpenStackError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof OpenStackError && error.kind !== 'aborted') return error;
    throw error;
  }
}

/** Runs work for every item, so many at a time. */
async function inParallel<Of>(
  items: readonly Of[],
  most: number,
  work: (item: Of) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}

/** Writes down what could not be read; hands on what is not about the cloud. */
function noteFailure(asking: Asking, error: unknown, what: string, required: boolean): void {
  if (!(error instanceof OpenStackError) || error.kind === 'aborted') throw error;
  if (required) {
    asking.problems.push(problemOf(error, asking.session.name));
    return;
  }
  asking.recording.gaps.push({
    code: error.kind === 'forbidden' ? 'cloud.forbidden' : 'cloud.not-read',
    summary: `${what}: not read: ${error.message}`,
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}

const nameOf = (file: string): string => file.split('/').at(-1) ?? file;

const fileOf = (file: string, microversion: string | undefined, page: number): string =>
  `${file}${microversion === undefined ? '' : `-${microversion}`}.page${String(page).padStart(2, '0')}.json`;

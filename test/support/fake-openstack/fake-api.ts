/** One request as a fake service sees it: the path from its versioned endpoint on. */
export interface FakeRequest {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly microversion: string | undefined;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a fake cloud answers; `undefined` is a 404. */
export type FakeApi = (request: FakeRequest) => FakeAnswer | undefined;

/** One that answers later. */
export type LaterApi = (request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

export const ok = (body: unknown): FakeAnswer => ({ status: 200, body });

/** A part of a list as Nova hands it out: `limit` items after `marker`, and a link to the next. */
export function paged(
  member: string,
  items: readonly { readonly id?: unknown; readonly uuid?: unknown }[],
  query: URLSearchParams,
): FakeAnswer {
  const limit = Math.min(Number(query.get('limit') ?? 1000), 1000);
  const marker = query.get('marker');
  const from = marker === null ? 0 : items.findIndex(({ id, uuid }) => String(uuid ?? id) === marker) + 1;
  const page = items.slice(from, from + limit);
  const last = page.at(-1);
  if (last === undefined || from + limit >= items.length) return ok({ [member]: page });
  const next = new URLSearchParams(query);
  next.set('limit', String(limit));
  next.set('marker', String(last.uuid ?? last.id));
  return ok({
    [member]: page,
    [`${member}_links`]: [{ rel: 'next', href: `http://inside.example/v2.1/any?${next.toString()}` }],
  });
}

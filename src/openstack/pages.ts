import { z } from 'zod';
import { OpenStackError } from './openstack-error.ts';
import type { ApiCall, ApiReply, Session } from './session.ts';

const Body = z.record(z.string(), z.unknown());
const Links = z.array(z.object({ rel: z.string(), href: z.string() }));
const Item = z.object({ id: z.union([z.string(), z.number()]) });

export interface PagedCall extends ApiCall {
  /** The member of the answer that holds the items, such as `servers`. */
  readonly member: string;
  /** Items a page; without it the service chooses. */
  readonly limit?: number;
}

/**
 * A listing page by page, each asked for when the one before has been used. The next is found by the link that a page
 * holds (`servers_links`, Glance's `next`); a full page without a link by the last id as marker, for services that
 * leave links out. A page that leads back to one that was read ends in an error.
 */
export async function* pages(session: Session, call: PagedCall): AsyncGenerator<ApiReply> {
  const seen = new Set<string>();
  let query: Query | undefined = { ...call.query, ...(call.limit !== undefined && { limit: call.limit }) };
  do {
    const reply: ApiReply = await session.request({ ...call, query });
    yield reply;
    query = nextQuery(reply.body, call, query);
    const marker = JSON.stringify(query);
    if (seen.has(marker)) throw goesInCircles(call);
    seen.add(marker);
  } while (query !== undefined);
}

type Query = Readonly<Record<string, string | number>>;

function nextQuery(body: unknown, { limit, member }: PagedCall, query: Query): Query | undefined {
  const page = Body.safeParse(body).data ?? {};
  const items = z.array(z.unknown()).safeParse(page[member]).data ?? [];
  const href = linkIn(page, member);
  if (href !== undefined) {
    // its host may be one that only the service itself reaches: the query alone counts
    const next = URL.parse(href, 'http://next');
    return next === null ? undefined : { ...query, ...Object.fromEntries(next.searchParams) };
  }
  const last = Item.safeParse(items.at(-1)).data?.id;
  return limit !== undefined && items.length >= limit && last !== undefined
    ? { ...query, marker: last }
    : undefined;
}

function linkIn(page: Readonly<Record<string, unknown>>, member: string): string | undefined {
  const links = Links.safeParse(page[`${member}_links`]).data ?? [];
  const own = links.find(({ rel }) => rel === 'next')?.href;
  return own ?? z.string().safeParse(page['next']).data;
}

const goesInCircles = ({ method, path, service }: PagedCall): OpenStackError =>
  new OpenStackError({
    kind: 'not-json',
    service,
    call: `${method} ${path}`,
    message: `the pages of ${method} ${path} lead back to one that was read`,
    hint: 'this is a fault of the service or of a proxy: report it with its log',
  });

/**
 * What the address after `#` opens: `#/host/cmp-1` the detail of a host, likewise of a step or server; others are places
 * of the page.
 */
export type Route =
  { readonly kind: 'step' | 'server' | 'host'; readonly key: string } | { readonly kind: 'none' };

export function parseRoute(hash: string): Route {
  const found = /^#\/(step|server|host)\/(.*)$/s.exec(hash);
  const [, kind, text] = found ?? [];
  if (text === undefined || (kind !== 'step' && kind !== 'server' && kind !== 'host'))
    return { kind: 'none' };
  try {
    return { kind, key: decodeURIComponent(text) };
  } catch {
    return { kind: 'none' }; // cut in the middle of an escape
  }
}

export function linkTo(kind: 'step' | 'server' | 'host', key: string): string {
  return `#/${kind}/${encodeURIComponent(key)}`;
}

import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, type Terms } from './row-terms.ts';

/**
 * For each no-good (S, h): not all of S on h. Its servers are classes of their own, so
 *
 *     Σ arrive(s, h) − Σ leave(s, h) <= |S| − 1 − |{ s in S at home on h }|
 */
export function addNoGoodRows(builder: ModelBuilder, columns: Columns, include: 'all' | 'proven'): void {
  const { problem } = columns;
  for (const [n, { host, servers, proven }] of problem.noGoods.entries()) {
    if (!proven && include === 'proven') continue;
    const home = servers.filter((v) => problem.start[v] === host);
    if (servers.some((v) => problem.fixed[v] === 1 && problem.start[v] !== host)) continue; // never all there
    const classes = new Set(servers.map((v) => at(problem.classOf, v)));
    const terms: Terms = { indices: [], values: [] };
    for (const arrival of at(columns.arrivalsByHost, host))
      if (classes.has(arrival.classIndex)) add(terms, arrival.columns, 1);
    for (const departure of at(columns.departuresByHost, host))
      if (classes.has(departure.classIndex)) add(terms, departure.columns, -1);
    builder.addRow({
      name: `no-good ${n}`,
      lower: -Infinity,
      upper: servers.length - 1 - home.length,
      ...terms,
    });
  }
}

/** What a `twin` adds: twin[s, h] = 1 where covered servers of host s arrive on host h. */
export interface TwinColumn {
  readonly source: number;
  readonly host: number;
  readonly column: number;
}

/**
 * A host that receives a covered server of s holds nothing else than arrivals from s:
 *
 *     arrive(covered, s → h) <= upper·twin[s, h]
 *     arrive(any, s' → h)    <= upper·(1 − twin[s, h])      for s' ≠ s
 *     stay(h)                <= count·(1 − Σ twin[s, h])
 *
 * Where twins matter all members of a class have the same home (`ServerClass.source`).
 */
export function addTwinRows(builder: ModelBuilder, columns: Columns): readonly TwinColumn[] {
  const { problem } = columns;
  if (!problem.hasTwin) return [];
  const held = new Uint8Array(problem.hosts.length);
  for (const [v, flag] of problem.fixed.entries()) if (flag === 1) held[at(problem.start, v)] = 1;
  return problem.hosts.flatMap((_, host) => {
    const arrivals = at(columns.arrivalsByHost, host);
    const ofClass = (arrival: { readonly classIndex: number }) => at(problem.classes, arrival.classIndex);
    const sources = new Set(arrivals.filter((a) => ofClass(a).covered).map((a) => ofClass(a).source));
    const twins = [...sources].map((source): TwinColumn => {
      const name = `twin ${source} ${host}`;
      const column = builder.addVariable({
        name,
        lower: 0,
        upper: held[host] === 1 ? 0 : 1,
        kind: 'integer',
        cost: 0,
      });
      for (const arrival of arrivals) {
        const { covered, source: from } = ofClass(arrival);
        const own = from === source;
        if (own && !covered) continue;
        const terms: Terms = { indices: [column], values: [own ? -arrival.upper : arrival.upper] };
        add(terms, arrival.columns, 1);
        builder.addRow({ name, lower: -Infinity, upper: own ? 0 : arrival.upper, ...terms });
      }
      return { source, host, column };
    });
    const all = twins.map(({ column }) => column);
    for (const { columns: leaving, count } of all.length === 0 ? [] : at(columns.departuresByHost, host)) {
      const terms: Terms = { indices: [], values: [] };
      add(terms, leaving, 1);
      add(terms, all, -count);
      builder.addRow({ name: `twin stay ${host}`, lower: 0, upper: Infinity, ...terms });
    }
    return twins;
  });
}

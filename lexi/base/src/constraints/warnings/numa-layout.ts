import type { NumaCellLayout } from '../../model/numa.ts';
import type { WarningRule } from '../warning-rule.ts';
import { listIds } from './chosen-cells.ts';

/**
 * Source and destination of a server with a NUMA topology differ in their NUMA cells, or in the threads of a core.
 * Nova fits it all the same; how fast it runs may change.
 *
 * Source: reference item 83 (RHOSP 13, chapter 11.8: same NUMA topology at both ends).
 */
export const numaLayout: WarningRule = {
  id: 'numa-layout',
  summary: 'servers with a NUMA topology go to hosts of another NUMA layout',
  onArrival({ server, from, to }, { context: { cloud, demands } }) {
    if (demands.get(server.id)?.guest.kind !== 'topology') return [];
    const here = cloud.hosts.get(from)?.cells;
    const there = cloud.hosts.get(to)?.cells;
    if (here === undefined || there === undefined) return [];
    const [before, after] = [showLayout(here), showLayout(there)];
    if (before === after) return [];
    return [{ text: `host ${from} has ${before}, host ${to} ${after}`, servers: [server.id], host: to }];
  },
};

function showLayout(cells: readonly NumaCellLayout[]): string {
  const cpus = cells.map(({ siblings }) => new Set(siblings.flat()).size);
  const threads = cells.flatMap(({ siblings }) => siblings.map((core) => core.length));
  const count = cells.length === 1 ? '1 NUMA cell' : `${cells.length} NUMA cells`;
  return `${count} of ${listIds(cpus)} CPUs, ${Math.max(1, ...threads)} a core`;
}

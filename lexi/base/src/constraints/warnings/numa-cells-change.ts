import { changedCells } from '../changed-cells.ts';
import type { WarningRule } from '../warning-rule.ts';

/** Vendor documents ask for the same NUMA cells although the release chooses anew. */
export const numaCellsChange: WarningRule = {
  id: 'numa-cells-change',
  summary: "the vendor's guide asks that servers keep their NUMA cells",
  onArrival: ({ server, to, method }, state) => {
    if (method !== 'live' || state.context.profile.switches.sameNumaCells !== 'warned') return [];
    const changed = changedCells(server.id, to, state);
    if (changed?.kind !== 'changed') return [];
    const text = `the vendor's guide asks that ${server.name} keeps its NUMA cells (${changed.from.join()}); on ${to} Nova chooses ${changed.into.join()}`;
    return [{ text, servers: [server.id], host: to }];
  },
};

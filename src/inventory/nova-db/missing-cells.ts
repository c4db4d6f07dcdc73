import type { Gap } from '../document/cloud-records.ts';
import type { DbRow } from './database.ts';

/** Notices hosts of cells whose database was not named: the API's knows the hosts of all cells. */
export function missingCells() {
  const cellOf = new Map<string, number>();
  const seen = new Set<string>();
  return {
    see: (table: string, { cell_id: cell, host }: DbRow): void => {
      if (typeof host !== 'string') return;
      if (table === 'host_mappings' && typeof cell === 'number') cellOf.set(host, cell);
      if (table === 'compute_nodes') seen.add(host);
    },
    gaps: (): Gap[] => {
      const missing = [...cellOf].filter(([host]) => !seen.has(host));
      if (missing.length === 0) return [];
      const cells = [...new Set(missing.map(([, cell]) => cell))].sort((a, b) => a - b);
      return [
        {
          code: 'nova-db.other-cells',
          summary: `${missing.length} hosts of Nova's cells ${cells.join(', ')} are in no database that was named`,
          hint: 'name the database of each cell with --nova-db; nova-manage cell_v2 list_cells has them',
        },
      ];
    },
  };
}

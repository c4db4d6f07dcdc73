import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type HostId, hostId } from '../../model/ids.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { parseItems } from '../replies.ts';

const Mapping = z.object({ host: z.string().min(1), cell_id: z.int() });

/** The table `host_mappings`: the Nova cell of each host, by its number (the cells' own rows hold passwords). */
export const readHostMappings = (rows: Rows): Facts => ({
  source: 'db:host_mappings',
  hosts: new Map<HostId, HostFacts>(
    parseItems(Mapping, rows).map((row) => [hostId(row.host), { novaCell: String(row.cell_id) }]),
  ),
});

import type { Inventory } from '../../src/inventory/document.ts';
import type { Step } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';

/** An inventory as if it were read after the steps of a plan, of which only the hosts of its servers tell. */
export function inventoryAfter(inventory: Inventory, steps: readonly Step[]): Inventory {
  const homes = new Map<string, string>(steps.filter(isMigration).map(({ server, to }) => [server, to]));
  const servers = inventory.servers.map((server) => {
    const host = homes.get(server.id);
    return host === undefined ? server : { ...server, host };
  });
  return { ...inventory, capturedAt: '2026-12-31T00:00:00Z', servers };
}

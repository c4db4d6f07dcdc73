import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { storageOf } from '../../../src/constraints/context.ts';
import { createContext } from '../../../src/constraints/create-context.ts';
import { rules } from '../../../src/constraints/registry.ts';
import type { RunClock } from '../../../src/execute/runner/tools.ts';
import type { Faults } from '../../../src/execute/simulated/faults.ts';
import { createSimulated, type Simulated } from '../../../src/execute/simulated/simulated-driver.ts';
import type { OpenDatabase } from '../../../src/inventory/nova-db/database.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { ServerId } from '../../../src/model/ids.ts';
import type { LaterApi } from './fake-api.ts';
import { listsNow } from './lists-now.ts';
import { recordedApi } from './recorded-api.ts';
import { rowsNow } from './rows-now.ts';
import { serverRequests } from './server-requests.ts';

/** A recorded cloud that carries out what it is asked: its APIs, the databases of its Nova, and its time. */
export interface WorkingCloud {
  readonly api: LaterApi;
  /** `nova`, `nova_cell0` and `nova_api`. */
  readonly openDatabase: OpenDatabase;
  /** Its time passes where somebody waits, or asks for something. */
  readonly clock: RunClock;
}

/** What the two halves of the API answer from. */
export interface Working extends Simulated {
  readonly storageOf: (server: ServerId) => ReturnType<typeof storageOf>;
  /** The cloud as it was recorded. */
  readonly recorded: Cloud;
}

/** Each migration takes about so long. */
const seconds = { low: 20, expected: 45, high: 90 };

/**
 * @param recording a folder with `api` and `db`
 * @param cloud what an import of it gives
 */
export async function workingCloud(recording: string, cloud: Cloud, faults: Faults): Promise<WorkingCloud> {
  const { cpuTable, profiles } = await loadCatalog();
  const profile = profiles.get('zed');
  if (profile === undefined) throw new Error('there is no profile zed');
  const context = createContext(cloud, profile, cpuTable, { allow: ['cold', 'forced'], unknown: 'assume' });
  const simulated = createSimulated(
    { context, rules, seed: 1, faults, secondsOf: () => seconds },
    Date.parse(cloud.capturedAt),
  );
  const working: Working = {
    ...simulated,
    recorded: cloud,
    storageOf(id) {
      const server = cloud.servers.get(id);
      return server === undefined ? 'block' : storageOf(server, context);
    },
  };
  const recorded = recordedApi(recording);
  const parts = [serverRequests(working), listsNow(recorded, working), recorded];
  return {
    async api(request) {
      for (const part of parts) {
        const answer = await part(request);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    openDatabase: rowsNow(recording, working),
    clock: simulated.clock,
  };
}

import type { MigrateCall } from '../driver.ts';
import { arrivalOf, begin, durationOf, fail, newRecord, refusals } from './travel.ts';
import type { SimServer, World } from './world.ts';

/** An evacuate: the server is at rest a moment before its host changes; one that is refused leaves it in ERROR. */
export function evacuate(call: MigrateCall, server: SimServer, world: World, requestId: string): void {
  const travel = begin(call, server, world, requestId, 'evacuate');
  server.status = 'REBUILD';
  server.taskState = 'rebuilding';
  const migration = newRecord(travel, 'evacuation', 'accepted');
  world.later(0.5, () => {
    const words = refusals(travel);
    const arrival = arrivalOf(call, world);
    if (words !== undefined || arrival === undefined) {
      fail(travel, 'error', words === undefined ? [] : [words]);
      server.status = 'ERROR';
      server.vmState = 'error';
      return;
    }
    world.state.apply({ kind: 'request', arrival });
    migration.status = 'pre-migrating';
    world.later(durationOf(travel), () => {
      world.state.apply({ kind: 'complete', server: server.id });
      const { restStatus } = server;
      server.status = restStatus === 'ERROR' ? 'ACTIVE' : restStatus;
      if (restStatus === 'ERROR') server.vmState = 'active';
      server.taskState = undefined;
      migration.status = 'done';
      world.later(0.6, () => {
        server.host = call.to;
        server.hasLeft = true;
      });
    });
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { type ProviderId, providerId } from '../../src/model/ids.ts';
import type { Allocation } from '../../src/model/placement.ts';
import type { Server } from '../../src/model/server.ts';
import { loadTable } from '../../src/objective/loads.ts';
import { createState } from '../../src/replay/state.ts';
import { aContext } from '../support/builders.ts';
import { without } from '../support/parts.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

/** What a source might tell of a server's allocations: known or not, here, on the provider of another host, nowhere. */
const tellings: readonly ((server: Server, elsewhere: ProviderId) => Server)[] = [
  (server) => server,
  (server) => without(server, 'allocations'),
  (server) => without(server, 'host'),
  (server) => ({ ...server, allocations: [] }),
  (server, elsewhere) => ({ ...server, allocations: held(server, elsewhere) }),
  (server, elsewhere) => ({
    ...server,
    allocations: [...(server.allocations ?? []), ...held(server, elsewhere)],
  }),
];

const held = (server: Server, provider: ProviderId): readonly Allocation[] =>
  (server.allocations ?? []).map(({ resources }) => ({ provider, resources }));

const picks = fc.array(fc.record({ telling: fc.nat(), host: fc.nat() }), { minLength: 12, maxLength: 12 });

describe('the load table', () => {
  it('agrees with what Placement has in use today, host by host and class by class', () => {
    fc.assert(
      fc.property(cloudShapes(), picks, fc.nat(9), (shape, picked, foreign) => {
        const base = cloudOf(shape);
        const providers = [...base.hosts.values()].flatMap((host) => host.providers);
        const servers = [...base.servers.values()].map((server, index) => {
          const { telling = 0, host = 0 } = picked[index] ?? {};
          const elsewhere = providers[host % providers.length]?.id ?? providerId('');
          return tellings[telling % tellings.length]?.(server, elsewhere) ?? server;
        });
        const cloud: Cloud = {
          ...base,
          servers: new Map(servers.map((server) => [server.id, server])),
          otherConsumers: [
            {
              id: 'x',
              allocations: providers.map(({ id }) => ({
                provider: id,
                resources: { VCPU: foreign, MEMORY_MB: 64 * foreign },
              })),
            },
          ],
        };
        const context = aContext(cloud);

        const table = loadTable(cloud, context.demands);
        const state = createState(context);

        for (const host of cloud.hosts.values())
          for (const resource of ['VCPU', 'PCPU', 'MEMORY_MB', 'DISK_GB']) {
            const here = [...state.assignment()].filter(([, at]) => at === host.id);
            const ofServers = here.reduce((sum, [id]) => sum + table.amount(id, host.id, resource), 0);
            const inUse = host.providers.reduce((sum, { id }) => sum + state.used(id, resource), 0);
            expect(ofServers + table.foreign(host.id, resource), `${resource} on ${host.id}`).toBe(inUse);
          }
      }),
      { numRuns: 300, seed: 20260102 },
    );
  });
});

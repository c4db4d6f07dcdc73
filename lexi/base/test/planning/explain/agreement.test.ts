import fc from 'fast-check';
import { expect, it } from 'vitest';
import { waysOf } from '../../../src/constraints/context.ts';
import { rules } from '../../../src/constraints/registry.ts';
import type { HostId } from '../../../src/model/ids.ts';
import type { Server } from '../../../src/model/server.ts';
import { explainServer } from '../../../src/planning/explain/explain.ts';
import { isLegal } from '../../../src/replay/legality.ts';
import { createState, type State } from '../../../src/replay/state.ts';
import { aContext } from '../../support/builders.ts';
import { cloudOf, cloudShapes } from '../../support/random-cloud.ts';

const takers = (server: Server, state: State): HostId[] =>
  [...state.context.cloud.hosts.keys()].filter((to) =>
    waysOf(server, state.context).some(
      (way) => server.host !== undefined && isLegal({ server, from: server.host, to, ...way }, state, rules),
    ),
  );

it('takes and opens exactly the hosts to which the rules let the server go', () => {
  fc.assert(
    fc.property(cloudShapes(), (shape) => {
      const cloud = cloudOf(shape);
      const today = createState(aContext(cloud));
      for (const server of cloud.servers.values()) {
        const { hosts, groups, allowing } = explainServer({ server, rules, warnings: [] }, today);
        const taking = takers(server, today);

        expect(
          hosts
            .filter(({ verdict }) => verdict === 'yes')
            .map(({ host }) => host)
            .toSorted(),
        ).toEqual(taking);
        expect(groups.flatMap((group) => group.hosts).toSorted()).toEqual(
          hosts.map(({ host }) => host).toSorted(),
        );
        for (const allow of ['cold', 'nic-detach'] as const) {
          const then = takers(server, createState(aContext(cloud, { allow: [allow] })));
          const opened = allowing.find((each) => each.allow === allow)?.hosts ?? [];
          expect(opened.toSorted()).toEqual(then.filter((host) => !taking.includes(host)));
        }
      }
    }),
    { numRuns: 40, seed: 7 },
  );
});

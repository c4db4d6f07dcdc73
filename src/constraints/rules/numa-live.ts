import type { Arrival } from '../arrival.ts';
import { type RuleContext, waysOf } from '../context.ts';
import type { ServerId } from '../../model/ids.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

const workaround = 'enable_numa_live_migration';

/**
 * Before 20.0.0 a server with a NUMA topology migrates live only with `[workarounds] enable_numa_live_migration`
 * (Red Hat: `NovaEnableNUMALiveMigration`).
 *
 * Source: conductor/tasks/live_migrate.py _check_can_live_migrate_numa.
 */
export const numaLive: Rule = {
  id: 'numa-live',
  scope: 'pair',
  holds: 'always',
  judge: ({ server, method }, { context }) => judgeNuma(server.id, method, context),
  audit: () => [],
  compile: (context) => {
    if (context.profile.switches.numaLiveMigration === 'allowed') return [];
    const servers = [...context.cloud.servers.values()]
      .filter((server) => server.host !== undefined)
      .filter((server) => {
        const ways = waysOf(server, context);
        return (
          ways.length > 0 && ways.every((way) => judgeNuma(server.id, way.method, context).kind === 'no')
        );
      })
      .map((server) => server.id);
    return servers.length === 0 ? [] : [{ kind: 'fixed', rule: 'numa-live', servers }];
  },
  describe: ({ names }) => (names ?? []).join(', '),
};

function judgeNuma(
  server: ServerId,
  method: Arrival['method'],
  { cloud, demands, profile }: RuleContext,
): Verdict {
  if (method !== 'live' || profile.switches.numaLiveMigration === 'allowed') return yes;
  if (demands.get(server)?.guest.kind !== 'topology') return yes; // what is not known is told by `numa-fit`
  const { value, known } = cloud.config.workarounds;
  if (value.includes(workaround)) return yes;
  if (!known) return unknownWorkarounds;
  return {
    kind: 'no',
    measured: 1,
    limit: 0,
    unit: 'NUMA topologies',
    where: 'live migration',
    names: [
      `this release migrates a server with a NUMA topology live only with [workarounds] ${workaround}: set it, or allow cold`,
    ],
  };
}

const unknownWorkarounds: Verdict = {
  kind: 'unknown',
  missing: ['novaConfig.workarounds'],
  safe: 'no',
  assumption: `whether [workarounds] ${workaround} is set is not known: servers with a NUMA topology do not migrate live`,
};

import type { Cloud } from '../../model/cloud.ts';
import { type Check, ok, problem, unknown } from '../check.ts';

const workaround = 'enable_numa_live_migration';

/** Servers with a NUMA topology can migrate live. */
export const numaLive: Check = {
  id: 'numa-live-migration',
  looksAt: 'cloud',
  needed: `the release migrates servers with a NUMA topology live, or [workarounds] ${workaround} is set`,
  why: 'before Train Nova refuses it, since CPUs and pages are not chosen anew at the destination (Nova admin guide, live migration of instances with NUMA topology)',
  fine: 'it is allowed',
  examine(cloud, { profile: { name, switches } }) {
    if (switches.numaLiveMigration === 'allowed') return [ok(['Nova'], `release ${name} can`)];
    if (hasWorkaround(cloud)) return [ok(['nova.conf'], `[workarounds] ${workaround} is set`)];
    const servers = [...cloud.servers.values()];
    const count = servers.filter(({ topology }) => topology?.kind === 'placed').length;
    const untold = servers.filter(({ topology }) => topology === undefined).length;
    if (count === 0 && untold > 0)
      return [
        unknown(
          ['servers'],
          `nobody told whether ${untold} of ${servers.length} servers have a NUMA topology`,
          'give rows of the database (--nova-db), or run planner facts on the hosts',
        ),
      ];
    if (count === 0) return [ok(['servers'], 'no server has a NUMA topology')];
    const next = `set it in nova.conf of every host and of the conductors where the vendor allows it (NovaEnableNUMALiveMigration), or plan with --allow cold`;
    const { known } = cloud.config.workarounds;
    return [
      known
        ? problem(
            ['nova.conf'],
            `${count} servers with a NUMA topology do not go live: ${workaround} is not set`,
            next,
          )
        : unknown(
            ['nova.conf'],
            `nobody told whether ${workaround} is set; ${count} servers depend on it`,
            'add nova.conf of a controller to the host facts',
          ),
    ];
  },
};

const hasWorkaround = ({ config }: Cloud): boolean => config.workarounds.value.includes(workaround);

import { type Check, type Finding, problem, unknown, warning } from '../check.ts';

const disabledTrait = 'COMPUTE_STATUS_DISABLED';

/** The trait that keeps the scheduler away from a host says the same as its service. */
export const statusTrait: Check = {
  id: 'disabled-trait',
  looksAt: 'cloud',
  needed: `${disabledTrait} is on the providers of disabled hosts, and on no other`,
  why: 'since Train the scheduler goes by this trait: a host that keeps it after it was enabled never gets a server (Nova, pre-filters of the scheduler)',
  fine: 'the trait and the services agree',
  examine: ({ hosts }) => {
    const all = [...hosts.values()];
    if (all.length > 0 && all.every(({ providers: [root] }) => (root?.traits.size ?? 0) === 0))
      return [unknown(['Placement'], 'no traits were read', 'let Placement answer: see permissions-import')];
    return all.flatMap(({ id, providers: [root], service }): Finding[] => {
      // a host that is forced down has the trait too
      if (root === undefined || root.traits.size === 0 || service.forcedDown) return [];
      const has = root.traits.has(disabledTrait);
      if (has && service.status === 'enabled')
        return [
          problem(
            [id],
            `is enabled, but has ${disabledTrait}`,
            `restart nova-compute there, or disable and enable it: that sets the trait anew`,
          ),
        ];
      if (!has && service.status === 'disabled' && service.state === 'up')
        return [
          warning(
            [id],
            `is disabled, but lacks ${disabledTrait}`,
            'disable it again; before Train there is no such trait',
          ),
        ];
      return [];
    });
  },
};

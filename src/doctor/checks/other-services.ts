import { type Check, problem, unknown } from '../check.ts';

/** Agents and other services beside nova-compute are alive. */
export const otherServices: Check = {
  id: 'other-services',
  looksAt: 'cloud',
  needed: 'the agents of hosts are alive',
  why: 'a server that arrives at a host whose network agent is dead gets no network, and its migration fails at the binding of its ports',
  fine: 'no agent is known to be dead',
  examine: ({ hosts }) => {
    const all = [...hosts.values()];
    if (all.every(({ otherServices: others }) => others.length === 0))
      return [unknown(['agents'], 'no agents were read', 'let Neutron answer GET /agents to this user')];
    return all.flatMap(({ id, otherServices: others }) =>
      others
        .filter(({ alive }) => alive === false)
        .map(({ binary }) =>
          problem([id], `${binary} does not report`, 'restart it there, and look into its log'),
        ),
    );
  },
};

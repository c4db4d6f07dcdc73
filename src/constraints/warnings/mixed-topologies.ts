import type { HostId, ServerId } from '../../model/ids.ts';
import type { StateView } from '../state-view.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * Servers with and without a NUMA topology on one host. Nova counts CPUs and memory of a NUMA cell for the former
 * alone: the latter run on the same cells and are invisible there, so a fit may be one on paper only. Nova's
 * administrators' guide keeps the two kinds on different hosts. Told of arrivals that begin it.
 *
 * Source: virt/hardware.py numa_usage_from_instance_numa; Nova admin/cpu-topologies.
 */
export const mixedTopologies: WarningRule = {
  id: 'mixed-topologies',
  summary:
    'servers with and without a NUMA topology share hosts, and Nova counts NUMA cells for the former alone',

  onArrival({ server, to }, state) {
    const arriving = hasTopology(server.id, state);
    if (arriving === undefined) return [];
    const { withTopology, without } = countOn(to, state);
    const [same, other] = arriving ? [withTopology, without] : [without, withTopology];
    if (same > 0 || other === 0) return [];
    const kind = arriving ? 'has a NUMA topology, the others' : 'has no NUMA topology, the others';
    const text = `server ${server.name} ${kind} of host ${to} (${other}) have ${arriving ? 'none' : 'one'}: Nova counts NUMA cells for the one kind alone`;
    return [{ text, servers: [server.id], host: to }];
  },

  onState: (state) =>
    [...state.context.cloud.hosts.keys()].flatMap((host) => {
      const { withTopology, without } = countOn(host, state);
      if (withTopology === 0 || without === 0) return [];
      const text = `host ${host} runs servers with (${withTopology}) and without (${without}) a NUMA topology: Nova counts NUMA cells for the former alone`;
      return [{ text, servers: [], host }];
    }),
};

function hasTopology(server: ServerId, { context }: StateView): boolean | undefined {
  const kind = context.demands.get(server)?.guest.kind;
  return kind === undefined || kind === 'unknown' ? undefined : kind === 'topology';
}

function countOn(
  host: HostId,
  state: StateView,
): { readonly withTopology: number; readonly without: number } {
  const kinds = state.claimsOn(host).map((claim) => hasTopology(claim.server, state));
  return {
    withTopology: kinds.filter((kind) => kind === true).length,
    without: kinds.filter((kind) => kind === false).length,
  };
}

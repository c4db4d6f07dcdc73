import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { firstOf } from '../../shared/text.ts';
import { evacueesOf } from '../evacuation/evacuees.ts';
import { lossesOf } from '../evacuation/host-loss.ts';
import { type Rule, type Violation, yes } from '../rule.ts';

/** What a planning knows besides; who only judges a state needs none of it, and compiles nothing. */
export interface Outlook {
  /** Hosts whose loss the cloud does not survive today, with the MiB that find no room. */
  readonly broken: ReadonlyMap<HostId, number>;
  /** How many of the hosts that a plan empties each zone keeps enabled. */
  readonly keptOpen: number;
}

/**
 * At the end of a plan there is room to evacuate any one host: whichever host is lost, its servers find room on the
 * other enabled hosts, all at once, under Nova's rules for evacuations. Servers that Nova does not evacuate, and those
 * that would find no host even if nobody else were in the cloud, are left out.
 *
 *     for all hosts h:  Σ memory of the servers of h that find no room elsewhere  <=  the same today
 *
 * Servers are tried biggest first, each on the host with the most free memory first, as Nova's default weights have it;
 * then in three orders that pack tighter. These find most packings, not all: a host that is said not to be survivable
 * may be so, one that is said to be survivable is. Operator's rules are not asked: Nova does not know them.
 */
export const surviveHostLoss = (outlook?: Outlook): Rule => ({
  id: 'survive-host-loss',
  scope: 'host',
  holds: 'end',
  judge: () => yes,

  audit: (state) =>
    lossesOf(state, evacueesOf(state.context)).map(({ host, stranded, strandedMiB }): Violation => ({
      rule: 'survive-host-loss',
      host,
      // None in particular: others may find no room at the end as long as they are no more.
      servers: [],
      measured: strandedMiB,
      limit: 0,
      unit: 'MiB without room',
      where: host,
      names: stranded.map(({ name }: Server) => name),
      key: host,
    })),

  compile(context) {
    if (outlook === undefined) return [];
    const { hostsOf, primitives } = evacueesOf(context);
    const evacuated = [...hostsOf.keys()].map(
      (id) => [id, context.cloud.servers.get(id)?.flavor.memoryMiB ?? 0] as const,
    );
    return [
      {
        kind: 'spareRoom',
        rule: 'survive-host-loss',
        evacuated: new Map(evacuated),
        limits: primitives.filter(({ kind }) => kind !== 'fixed'),
        ...outlook,
      },
    ];
  },

  describe: ({ where, measured, names = [] }) =>
    `if host ${where} is lost, ${names.length === 1 ? '1 server' : `${names.length} servers`} (${measured} MiB) ${names.length === 1 ? 'finds' : 'find'} no room on the other hosts: ${firstOf(names)}`,
});

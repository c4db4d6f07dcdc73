import type { WarningRule } from '../warning-rule.ts';

/**
 * A volume is in a zone of Cinder that is called as the source's zone, and the destination is in another. Nova compares
 * the two where a volume is attached (`[cinder] cross_az_attach`), never when a server moves; whether the storage of
 * one zone is reached from the other, nobody tells.
 *
 * Source: volume/cinder.py check_availability_zone; reference section 5, storage (attachable at the destination).
 */
export const volumeZone: WarningRule = {
  id: 'volume-zone',
  summary: 'servers leave the zone of their volumes',
  onArrival({ server, from, to }, { context: { cloud } }) {
    const here = cloud.hosts.get(from)?.availabilityZone;
    const there = cloud.hosts.get(to)?.availabilityZone;
    if (here === undefined || there === undefined || here === there) return [];
    const left = (server.volumes ?? []).filter(({ availabilityZone: zone }) => zone === here);
    if (left.length === 0) return [];
    const what = left.length === 1 ? `volume ${left[0]?.id ?? ''} is` : `${left.length} volumes are`;
    return [
      {
        text: `${what} in Cinder's zone ${here}, host ${to} in zone ${there}: does it reach the storage?`,
        servers: [server.id],
        host: to,
      },
    ];
  },
};

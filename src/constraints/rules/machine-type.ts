import type { Cloud } from '../../model/cloud.ts';
import type { Server } from '../../model/server.ts';
import { lookup } from '../../nova/lookup.ts';
import { homeOf, type Pair, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * A live migration keeps the exact machine type, so the destination's QEMU must have it. A cold migration and an
 * evacuation make a new guest of the type that the image names or Nova has recorded (23.0.0), which must exist there
 * as well; where there is none they take the destination's default.
 *
 * Nova does not check any of this; libvirt refuses the guest. Where the types are not known, a QEMU that is not older is
 * taken to have them.
 * Source: virt/libvirt/utils.py get_machine_type.
 */
export const machineType = pairRule({
  id: 'machine-type',
  askedBy: 'hosts',
  signatureOf: (server, { cloud }) =>
    JSON.stringify([server.machineType, recorded(server), homeOf(server, cloud)?.hypervisorVersion]),
  judge(pair, { cloud }) {
    const { server, method, to } = pair;
    const noted = recorded(server);
    const wanted = method === 'live' ? (server.machineType ?? (isExact(noted) ? noted : undefined)) : noted;
    if (wanted === undefined) return method === 'live' ? unknown(pair, cloud, undefined) : yes;
    if (to.machineTypes === undefined) return isExact(wanted) ? unknown(pair, cloud, wanted) : yes;
    if (lists(to.machineTypes, wanted)) return yes;
    return { kind: 'no', measured: 1, limit: 0, unit: 'machine types', where: to.id, names: [wanted] };
  },
  describe: ({ where, names }) => `host ${where} has no machine type ${(names ?? []).join(', ')}`,
});

/** Of the image, or of what Nova has noted of the server when it was started. */
const recorded = ({ imageProperties = {} }: Server): string | undefined =>
  lookup(imageProperties, 'hw_machine_type');

/** `q35`, `pc` and `virt` stand for the newest of their kind, which every QEMU of the architecture has. */
const isExact = (type: string | undefined): boolean => type?.includes('-') === true;

function lists(types: ReadonlySet<string>, wanted: string): boolean {
  if (types.has(wanted)) return true;
  const family = wanted === 'pc' ? 'i440fx' : wanted;
  return !isExact(wanted) && [...types].some((type) => type.split('-').includes(family));
}

/** Compared with the host that the server is on today: on a stop-over it may have passed one that is told. */
function unknown({ server, to }: Pair, cloud: Cloud, wanted: string | undefined): Verdict {
  const target = to.hypervisorVersion ?? Number.NaN;
  const source = homeOf(server, cloud)?.hypervisorVersion ?? Number.NaN;
  return {
    kind: 'unknown',
    missing: [wanted === undefined ? 'servers[].machineType' : 'hosts[].machineTypes'],
    safe: target >= source || target >= versionOf(wanted) ? 'yes' : 'no',
    assumption:
      'machine types of some servers or hosts are not known: a QEMU that is not older than the present one, or than the type, is taken to have them',
  };
}

/** The QEMU that brought a type, as in `pc-q35-6.2`; vendors number theirs otherwise. */
function versionOf(type: string | undefined): number {
  const match = /^(?:pc-q35|pc-i440fx|virt)-(\d+)\.(\d+)$/.exec(type ?? '');
  return match === null ? Number.NaN : Number(match[1]) * 1_000_000 + Number(match[2]) * 1000;
}

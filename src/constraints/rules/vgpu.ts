import type { Host } from '../../model/host.ts';
import { obstacle, obstacleInWords, orCold, type Pair, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';
import { hasVirtualGpu } from '../special-hardware.ts';
import { showVersion } from '../version-words.ts';

/** The versions from which mediated devices migrate, QEMU's and libvirt's. */
const least = { hypervisorVersion: 8_001_000, libvirtVersion: 8_006_000 } as const;

/**
 * A server with a virtual GPU migrates live only on releases that carry mediated devices (29.0.0), between hosts of
 * QEMU 8.1.0 and libvirt 8.6.0 or later. Whether the destination has one free is told by `capacity` (VGPU).
 *
 * Source: virt/libvirt/driver.py _check_source_migrate_data_for_mdevs.
 */
export const vgpu = pairRule({
  id: 'vgpu',
  askedBy: 'hosts',
  signatureOf: (server, { cloud }) => {
    const from = server.host === undefined ? undefined : cloud.hosts.get(server.host);
    return hasVirtualGpu(server) ? `gpu ${from?.hypervisorVersion ?? ''} ${from?.libvirtVersion ?? ''}` : '';
  },
  judge(pair, context) {
    const { server, method, from, to } = pair;
    if (method !== 'live' || !hasVirtualGpu(server)) return yes;
    if (context.profile.switches.vgpuLive === 'refused')
      return obstacle(
        server.name,
        `this release does not migrate a server with a virtual GPU live${orCold(context)}`,
      );
    for (const host of [from, to]) {
      const verdict = judgeVersions(pair, host);
      if (verdict.kind !== 'yes') return verdict;
    }
    return yes;
  },
  describe: obstacleInWords,
});

function judgeVersions({ server }: Pair, host: Host | undefined): Verdict {
  const { hypervisorVersion, libvirtVersion } = host ?? {};
  if (host === undefined || hypervisorVersion === undefined || libvirtVersion === undefined) return unknown;
  const old = [
    hypervisorVersion < least.hypervisorVersion ? `QEMU ${showVersion(hypervisorVersion)}` : [],
    libvirtVersion < least.libvirtVersion ? `libvirt ${showVersion(libvirtVersion)}` : [],
  ].flat();
  if (old.length === 0) return yes;
  return obstacle(
    server.name,
    `its virtual GPU migrates live from QEMU 8.1.0 and libvirt 8.6.0 on; host ${host.id} has ${old.join(' and ')}`,
  );
}

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].hypervisorVersion', 'hosts[].libvirtVersion'],
  safe: 'no',
  assumption:
    'QEMU or libvirt versions of some hosts are not known: servers with a virtual GPU do not migrate live',
};

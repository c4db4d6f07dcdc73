import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { Arrival } from '../arrival.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import { showVersion } from '../version-words.ts';

/**
 * A live migration goes to a host of the same hypervisor type whose QEMU is not older; with `[workarounds]
 * skip_hypervisor_version_check_on_lm` (26.0.0) Nova leaves the version to libvirt.
 *
 * Source: conductor/tasks/live_migrate.py _check_compatible_with_source_hypervisor (DestinationHypervisorTooOld).
 */
export const hypervisorVersion: Rule = {
  id: 'hypervisor-version',
  scope: 'pair',
  holds: 'always',
  judge: ({ method, from, to }, state) =>
    judgeVersions(
      method,
      state.context.cloud.hosts.get(from),
      state.context.cloud.hosts.get(to),
      state.context.cloud,
    ),
  audit: () => [],
  compile: (context) =>
    pairMask(
      'hypervisor-version',
      context,
      (server) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return JSON.stringify([from?.hypervisorType, from?.hypervisorVersion]);
      },
      (server, host, way) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return judgeVersions(way.method, from, host, context.cloud);
      },
    ),
  describe: ({ where, measured, limit, names }) =>
    names === undefined
      ? `host ${where} runs QEMU ${showVersion(measured)}, the source ${showVersion(limit)}: a live migration cannot go to an older one`
      : `host ${where} is of another hypervisor type: ${names.join(', ')}`,
};

function judgeVersions(
  method: Arrival['method'],
  from: Host | undefined,
  to: Host | undefined,
  { config }: Cloud,
): Verdict {
  if (method !== 'live' || from === undefined || to === undefined) return yes;
  const types = [from.hypervisorType, to.hypervisorType].filter((type) => type !== undefined);
  if (types.length < 2) return unknown('hosts[].hypervisorType');
  if (from.hypervisorType !== to.hypervisorType)
    return { kind: 'no', measured: 1, limit: 0, unit: 'types apart', where: to.id, names: types };
  if (config.workarounds.value.includes('skip_hypervisor_version_check_on_lm')) return yes;
  if (from.hypervisorVersion === undefined || to.hypervisorVersion === undefined)
    return unknown('hosts[].hypervisorVersion');
  if (from.hypervisorVersion <= to.hypervisorVersion) return yes;
  return {
    kind: 'no',
    measured: to.hypervisorVersion,
    limit: from.hypervisorVersion,
    unit: 'version',
    where: to.id,
  };
}

const unknown = (missing: string): Verdict => ({
  kind: 'unknown',
  missing: [missing],
  safe: 'no',
  assumption:
    'hypervisor types or versions of some hosts are not known: nothing migrates live from or to them',
});

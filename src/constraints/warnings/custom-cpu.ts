import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { compareGuestCpu } from '../../nova/cpu-compare.ts';
import type { RuleContext } from '../context.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * A server that starts anew with a CPU model of its own may find a destination that cannot provide it: Nova does not
 * look, and the guest does not boot. Where the destination is known to give servers another CPU mode, it gets that.
 *
 * Source: virt/libvirt/driver.py _get_guest_cpu_model_config.
 */
export const customCpu: WarningRule = {
  id: 'custom-cpu',
  summary: 'servers with a CPU model of their own may not boot',
  onArrival({ server, to, method }, { context }) {
    const host = context.cloud.hosts.get(to);
    if (method === 'live' || host === undefined || givesOtherMode(host, context)) return [];
    const missing = missingFor(server, host, context);
    if (missing === undefined) return [];
    const text = `server ${server.name} has CPU model ${server.cpu?.model ?? ''}, which host ${to} cannot provide${missing}: it may not boot`;
    return [{ text, servers: [server.id], host: to }];
  },
};

function givesOtherMode(host: Host, { cloud }: RuleContext): boolean {
  const { value, known } = host.config?.cpuMode ?? cloud.config.cpuMode;
  return known && value !== 'custom';
}

/** What the host lacks for the server's own CPU model, in words; undefined when nothing, or it is not known. */
function missingFor({ cpu }: Server, host: Host, { cpuTable }: RuleContext): string | undefined {
  if (cpu?.model === undefined || host.cpu?.model === undefined) return undefined;
  const { model, vendor, features, match = 'exact' } = cpu;
  const guest = { match, model, features, ...(vendor !== undefined && { vendor }) };
  const there = host.cpu;
  const facts = {
    arch: there.arch,
    model: host.cpu.model,
    features: there.features,
    ...(there.vendor !== undefined && { vendor: there.vendor }),
  };
  const verdict = compareGuestCpu(cpuTable, guest, facts);
  if (verdict.kind !== 'incompatible') return undefined;
  return verdict.features.length === 0 ? '' : ` (${verdict.features.join(' ')})`;
}

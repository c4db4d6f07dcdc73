import { lookup } from '../../nova/lookup.ts';
import type { Host } from '../../model/host.ts';
import { homeOf, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * A server ends up on a host of the architecture that it was made for: that of the host it leaves. Nova asks only where
 * the image says so (`image-properties`), but no guest boots elsewhere. An image with `hw_emulation_architecture` does.
 *
 * Source: virt/libvirt/driver.py _check_emulation_arch for the exception.
 */
export const cpuArch = pairRule({
  id: 'cpu-arch',
  askedBy: 'hosts',
  signatureOf: (server, { cloud }) =>
    lookup(server.imageProperties ?? {}, 'hw_emulation_architecture') === undefined
      ? (archOf(homeOf(server, cloud)) ?? 'unknown')
      : 'emulated',
  judge({ server, from, to }) {
    if (lookup(server.imageProperties ?? {}, 'hw_emulation_architecture') !== undefined) return yes;
    const source = archOf(from);
    const target = archOf(to);
    if (source === undefined || target === undefined) return unknown;
    if (source === target) return yes;
    return {
      kind: 'no',
      measured: 1,
      limit: 0,
      unit: 'architectures apart',
      where: to.id,
      names: [target, source],
    };
  },
  describe: ({ where, names }) =>
    `host ${where} is ${names?.[0] ?? ''}, the server is made for ${names?.[1] ?? ''}`,
});

/** Of the CPU, or of all the guests that the host says it runs. */
function archOf(host: Host | undefined): string | undefined {
  if (host?.cpu !== undefined) return host.cpu.arch;
  const archs = new Set(
    (host?.supportedInstances ?? []).filter(([, type]) => type === 'kvm').map(([arch]) => arch),
  );
  // x86_64 runs i686 guests as well, and says so.
  if (archs.has('x86_64')) return 'x86_64';
  return archs.size === 1 ? [...archs][0] : undefined;
}

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].cpu'],
  safe: 'no',
  assumption: 'the CPU architecture of some hosts is not known: nothing moves from or to them',
};

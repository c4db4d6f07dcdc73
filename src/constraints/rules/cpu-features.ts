import type { GuestCpu, HostCpu } from '../../model/cpu.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import {
  compareGuestCpu,
  compareHostCpu,
  cpuFactsOf,
  type CpuTable,
  type CpuVerdict,
  type HostCpuFacts,
} from '../../nova/cpu-compare.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * A live migration goes to a CPU that has every feature the guest saw: those of its own CPU model where it has one
 * (`cpu_mode` custom), else all of the source host's.
 *
 *     features(source or guest) ⊆ features(destination),  same architecture, same vendor where one is stated
 *
 * Between AArch64 hosts nothing is compared, as in Nova.
 * Source: virt/libvirt/driver.py _compare_cpu.
 */
export const cpuFeatures: Rule = {
  id: 'cpu-features',
  scope: 'pair',
  holds: 'always',

  judge({ server, method, from, to }, { context }) {
    if (method !== 'live') return yes;
    return judgeCpu(server, context.cloud.hosts.get(from), context.cloud.hosts.get(to), context.cpuTable);
  },

  audit: () => [],

  compile: (context) =>
    pairMask(
      'cpu-features',
      context,
      (server) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        const guest = server.cpu?.model === undefined ? undefined : server.cpu;
        return JSON.stringify(guest ?? signatureOfCpu(from?.cpu));
      },
      (server, host, { method }) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return method === 'live' ? judgeCpu(server, from, host, context.cpuTable) : yes;
      },
    ),

  describe: ({ where, names }) => `host ${where}: ${(names ?? []).join(', ')}`,
};

function judgeCpu(server: Server, from: Host | undefined, to: Host | undefined, table: CpuTable): Verdict {
  if (to === undefined) return yes;
  if (isArm(from) && isArm(to)) return yes;
  const target = cpuFactsOf(to.cpu);
  const guest = guestFacts(server.cpu);
  const source = cpuFactsOf(from?.cpu);
  if (target === undefined) return unknown;
  if (guest !== undefined) return toVerdict(compareGuestCpu(table, guest, target), to);
  if (source === undefined) return unknown;
  if (sameCpu(source, target)) return yes;
  return toVerdict(compareHostCpu(table, source, target), to);
}

const isArm = (host: Host | undefined): boolean => host?.cpu?.arch === 'aarch64';

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].cpu'],
  safe: 'no',
  assumption: 'the CPUs of some hosts are not known: nothing migrates live between them',
};

const unlisted = (names: readonly string[]): Verdict => ({
  kind: 'unknown',
  missing: [`models/cpu-models.json: ${names.join(', ')}`],
  safe: 'no',
  assumption:
    'some CPU models or features are not in the table: nothing migrates live between different such CPUs',
});

function toVerdict(verdict: CpuVerdict, to: Host): Verdict {
  if (verdict.kind === 'identical' || verdict.kind === 'superset') return yes;
  if (verdict.kind === 'error') return unlisted(verdict.unknown);
  const { cause, features } = verdict;
  const name = {
    arch: 'another CPU architecture',
    vendor: 'another CPU vendor',
    missing: 'CPU features missing',
    forbidden: 'CPU features that the guest must not see',
    'not-strict': 'more CPU features than the guest accepts',
  }[cause];
  const names = features.length === 0 ? [name] : [`${name}: ${features.join(' ')}`];
  return {
    kind: 'no',
    measured: Math.max(1, features.length),
    limit: 0,
    unit: 'CPU differences',
    where: to.id,
    names,
  };
}

function guestFacts(cpu: GuestCpu | undefined): Parameters<typeof compareGuestCpu>[1] | undefined {
  if (cpu?.model === undefined) return undefined;
  const { model, vendor, features } = cpu;
  return { match: cpu.match ?? 'exact', model, features, ...(vendor !== undefined && { vendor }) };
}

/** Equal as they are written: no table is needed to see that. */
function sameCpu(a: HostCpuFacts, b: HostCpuFacts): boolean {
  if (a.arch !== b.arch || a.model !== b.model || a.vendor !== b.vendor) return false;
  const features = new Set(a.features);
  const others = new Set(b.features);
  return features.size === others.size && [...features].every((feature) => others.has(feature));
}

const signatures = new WeakMap<HostCpu, string>();

/** Everything that is compared of a host's CPU; hosts of one make share their CPU. */
function signatureOfCpu(cpu: HostCpu | undefined): string {
  if (cpu === undefined) return '';
  const known = signatures.get(cpu);
  if (known !== undefined) return known;
  const made = JSON.stringify([cpu.arch, cpu.model, cpu.vendor, [...cpu.features].toSorted()]);
  signatures.set(cpu, made);
  return made;
}

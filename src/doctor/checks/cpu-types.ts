import type { Host } from '../../model/host.ts';
import { compareHostCpu, cpuFactsOf, type CpuTable, type HostCpuFacts } from '../../nova/cpu-compare.ts';
import { groupBy } from '../../shared/collections.ts';
import { firstOf } from '../../shared/text.ts';
import { type Check, type Finding, unknown, warning } from '../check.ts';

interface CpuType {
  readonly facts: HostCpuFacts;
  readonly hosts: readonly string[];
}

/** CPU types of hosts form a chain: each has all features of those before. */
export const cpuTypes: Check = {
  id: 'cpu-types',
  looksAt: 'cloud',
  needed: 'of any two CPU types one has every feature of the other',
  why: 'a server goes live only to a CPU with all features that it saw; between types of which neither has all of the other there is no way, and one way only between the others (nova/virt/libvirt/driver.py, _compare_cpu)',
  fine: 'every two types have a way between them',
  examine({ hosts }, { cpuTable }) {
    const told = [...hosts.values()].filter(({ cpu }) => cpu?.model !== undefined);
    const untold = [...hosts.values()].filter(({ cpu }) => cpu?.model === undefined);
    const findings = pairs(typesOf(told)).flatMap(([a, b]) => between(a, b, cpuTable));
    if (untold.length === 0) return findings;
    const next = 'ask GET /os-hypervisors/detail at 2.87 or less, or run planner facts';
    return [
      ...findings,
      unknown(
        untold.map(({ id }) => id),
        'the CPU is not told',
        next,
      ),
    ];
  },
};

const typesOf = (hosts: readonly Host[]): readonly CpuType[] =>
  [
    ...groupBy(hosts, ({ cpu }) =>
      JSON.stringify([cpu?.arch, cpu?.model, cpu?.vendor, [...(cpu?.features ?? [])].toSorted()]),
    ),
  ].flatMap(([, of]) => {
    const facts = cpuFactsOf(of[0]?.cpu);
    return facts === undefined ? [] : [{ facts, hosts: of.map(({ id }) => id) }];
  });

function between(a: CpuType, b: CpuType, table: CpuTable): readonly Finding[] {
  if (a.facts.arch === 'aarch64' && b.facts.arch === 'aarch64') return []; // nothing is compared
  const there = compareHostCpu(table, a.facts, b.facts);
  const back = compareHostCpu(table, b.facts, a.facts);
  const names = [`${a.facts.model} and ${b.facts.model}`];
  if (there.kind === 'error') {
    const next = 'use a planner whose models/cpu-models.json knows them';
    return [unknown(names, `not in the table of CPUs: ${firstOf(there.unknown)}`, next)];
  }
  if (there.kind !== 'incompatible' || back.kind !== 'incompatible') return [];
  const next =
    'keep them in aggregates of their own, or set a cpu_mode custom with a cpu_models that both have; servers see it when they start anew';
  const lacks = `${b.facts.model} lacks ${words(there)}, ${a.facts.model} lacks ${words(back)}`;
  return [
    warning(
      names,
      `no live migration either way between ${firstOf(a.hosts)} and ${firstOf(b.hosts)}: ${lacks}`,
      next,
    ),
  ];
}

const words = ({
  cause,
  features,
}: {
  readonly cause: string;
  readonly features: readonly string[];
}): string => (features.length === 0 ? `the same ${cause}` : firstOf(features));

const pairs = <Of>(items: readonly Of[]): readonly (readonly [Of, Of])[] =>
  items.flatMap((a, at) => items.slice(at + 1).map((b): readonly [Of, Of] => [a, b]));

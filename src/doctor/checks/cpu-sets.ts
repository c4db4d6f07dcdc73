import type { HostReport } from '../../model/host-report.ts';
import { firstOf } from '../../shared/text.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';

/** CPUs that are kept for pinned and floating vCPUs make sense on the hardware. */
export const cpuSets: Check = {
  id: 'cpu-sets',
  looksAt: 'reports',
  needed:
    'cpu_shared_set and cpu_dedicated_set name CPUs that are there, none twice, whole cores, and leave some for the host',
  why: 'a CPU in both sets is promised twice, one that is not there stops nova-compute, and threads of one core in both sets disturb pinned servers (Nova admin guide, CPU topologies)',
  fine: 'the sets are plausible',
  examine: (reports) => [...reports.values()].flatMap(ofHost),
};

function ofHost(report: HostReport): readonly Finding[] {
  const { host, options } = report;
  const [shared, dedicated, pinned] = [
    'compute.cpu_shared_set',
    'compute.cpu_dedicated_set',
    'DEFAULT.vcpu_pin_set',
  ].map((name) => setOf(options.get(name)));
  if (shared === undefined && dedicated === undefined && pinned === undefined)
    return report.tellsAll
      ? []
      : [unknown([host], 'no CPU sets were recorded', 'gather again with planner facts')];
  const sets = [...(shared ?? []), ...(dedicated ?? []), ...(pinned ?? [])];
  return [
    ...both(host, shared, dedicated),
    ...old(host, pinned, dedicated),
    ...absent(report, sets),
    ...split(report, new Set(shared), new Set(dedicated)),
    ...nothingLeft(report, sets),
  ];
}

function both(
  host: string,
  shared: readonly number[] | undefined,
  dedicated: readonly number[] | undefined,
): readonly Finding[] {
  const twice = (shared ?? []).filter((cpu) => dedicated?.includes(cpu) === true);
  const next = 'take them out of one of the sets, and restart nova-compute';
  return twice.length === 0
    ? []
    : [problem([host], `CPUs in both sets: ${firstOf(twice.map(String))}`, next)];
}

const old = (
  host: string,
  pinned: readonly number[] | undefined,
  dedicated: readonly number[] | undefined,
): readonly Finding[] =>
  pinned === undefined || dedicated === undefined
    ? []
    : [
        problem(
          [host],
          'vcpu_pin_set beside cpu_dedicated_set: nova-compute does not start with both',
          'remove vcpu_pin_set',
        ),
      ];

function absent({ cpus, host }: HostReport, sets: readonly number[]): readonly Finding[] {
  if (cpus === undefined)
    return [unknown([host], 'its CPUs were not recorded', 'gather again with planner facts (lscpu)')];
  const gone = sets.filter((cpu) => !cpus.includes(cpu));
  const next = 'correct the sets, or bring the CPUs on line';
  return gone.length === 0
    ? []
    : [problem([host], `CPUs that are not on line: ${firstOf(gone.map(String))}`, next)];
}

function split(
  { cores, host }: HostReport,
  shared: ReadonlySet<number>,
  dedicated: ReadonlySet<number>,
): readonly Finding[] {
  const mixed = (cores ?? []).filter(
    (threads) => threads.some((cpu) => shared.has(cpu)) && threads.some((cpu) => dedicated.has(cpu)),
  );
  const list = firstOf(mixed.map((threads) => threads.join('+')));
  const next = 'give all threads of a core to one set';
  return mixed.length === 0 ? [] : [warning([host], `cores with threads in both sets: ${list}`, next)];
}

function nothingLeft({ cpus, host }: HostReport, sets: readonly number[]): readonly Finding[] {
  const given = new Set(sets);
  return cpus === undefined || cpus.some((cpu) => !given.has(cpu))
    ? []
    : [
        warning(
          [host],
          'every CPU is given to servers, none is left for the host',
          'keep a core of each NUMA cell out of the sets',
        ),
      ];
}

/** CPU ids as oslo and libvirt write them: `2-9,^4`; what is none of them gives none. */
function setOf(text: string | undefined): readonly number[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const cpus = new Set<number>();
  const without = new Set<number>();
  for (const part of text.split(',').map((each) => each.trim())) {
    const [, not, from = '', to = from] = /^(\^?)(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    if (from === '') continue;
    for (let cpu = Number(from); cpu <= Number(to); cpu += 1) (not === '^' ? without : cpus).add(cpu);
  }
  return [...cpus].filter((cpu) => !without.has(cpu));
}

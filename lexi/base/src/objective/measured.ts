import type { Cloud } from '../model/cloud.ts';
import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { Goal, UsageLoads } from './goal.ts';

/** Resource classes whose use is measured. */
const cpuClasses: readonly string[] = ['VCPU', 'PCPU'];
const memoryClass = 'MEMORY_MB';

export const isMeasured = (resource: string): boolean =>
  cpuClasses.includes(resource) || resource === memoryClass;

/** In how many parts a unit is counted: measured CPUs in hundredths, all else whole. */
export const partsOf = (resource: string, loads: UsageLoads | undefined): number =>
  loads !== undefined && cpuClasses.includes(resource) ? 100 : 1;

/** What rounding adds. */
const slack = 1e-9;
const wholeAbove = (value: number): number => Math.max(0, Math.ceil(value - slack));

/**
 * What a server that is allocated `units` of a class counts with:
 *
 *     CPU:     min(units, units × cpuPercent / 100 × (100 + margin) / 100), up to whole hundredths
 *     memory:  min(units, memoryUsedMiB × (100 + margin) / 100), up to whole MiB
 *
 * All of `units` where nothing was measured.
 */
export function measuredUnits(
  { usage }: Server,
  resource: string,
  units: number,
  { marginPercent }: UsageLoads,
): number {
  const { cpuPercent, memoryUsedMiB } = usage ?? {};
  const factor = 100 + marginPercent;
  if (cpuClasses.includes(resource) && cpuPercent !== undefined)
    return Math.min(units, wholeAbove((units * cpuPercent * factor) / 100) / 100);
  if (resource === memoryClass && memoryUsedMiB !== undefined)
    return Math.min(units, wholeAbove((memoryUsedMiB * factor) / 100));
  return units;
}

/** Servers on hosts that a goal by usage counts with their allocation for want of a measurement. */
export interface Unmeasured {
  /** The fact that is missing, as a path of the inventory document. */
  readonly missing: string;
  readonly what: string;
  readonly servers: readonly ServerId[];
}

export function unmeasuredBy({ loads, terms }: Goal, cloud: Cloud): readonly Unmeasured[] {
  if (loads === undefined) return [];
  const named = new Set(
    terms.flatMap((term) => {
      if (term.kind === 'stranded-capacity') return [term.resource, term.needs];
      if (term.kind === 'highest-load') return [term.resource];
      return 'resources' in term ? term.resources : [];
    }),
  );
  const placed = [...cloud.servers.values()].filter(({ host }) => host !== undefined);
  const without = (member: 'cpuPercent' | 'memoryUsedMiB', what: string): Unmeasured => ({
    missing: `servers[].usage.${member}`,
    what,
    servers: placed.filter(({ usage }) => usage?.[member] === undefined).map(({ id }) => id),
  });
  return [
    ...(cpuClasses.some((resource) => named.has(resource)) ? [without('cpuPercent', 'CPU usage')] : []),
    ...(named.has(memoryClass) ? [without('memoryUsedMiB', 'memory usage')] : []),
  ].filter(({ servers }) => servers.length > 0);
}

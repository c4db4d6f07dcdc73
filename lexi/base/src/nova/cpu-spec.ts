import { pythonInt, pythonStrip } from './python-text.ts';

/** No machine has more; a longer range is a slip of the pen and must not eat the memory of the planner. */
const maxRangeLength = 1 << 20;

/**
 * Reads a CPU list such as `0-3,^2,7`: single ids, ranges, and exclusions that hold wherever they stand.
 *
 * Returns undefined where Nova raises `Invalid` (a part that is no number, a range that runs backwards).
 * Source: `virt/hardware.py:parse_cpu_spec`.
 */
export function parseCpuSpec(spec: string): ReadonlySet<number> | undefined {
  const included = new Set<number>();
  const excluded = new Set<number>();
  for (const part of spec.split(',')) {
    const rule = pythonStrip(part);
    if (rule === '') continue;
    const exclusion = rule.startsWith('^');
    const range = parseRange(exclusion ? rule.slice(1) : rule);
    if (range === undefined) return undefined;
    const target = exclusion ? excluded : included;
    for (let cpu = range.first; cpu <= range.last; cpu++) target.add(cpu);
  }
  for (const cpu of excluded) included.delete(cpu);
  return included;
}

function parseRange(text: string): { first: number; last: number } | undefined {
  const dash = text.indexOf('-');
  if (dash < 0) {
    const cpu = cpuId(text);
    return cpu === undefined ? undefined : { first: cpu, last: cpu };
  }
  const first = cpuId(text.slice(0, dash));
  const last = cpuId(text.slice(dash + 1));
  if (first === undefined || last === undefined || first > last || last - first > maxRangeLength)
    return undefined;
  return { first, last };
}

/** Ids beyond what can be counted exactly are all alike: no machine has them. */
function cpuId(text: string): number | undefined {
  const cpu = pythonInt(pythonStrip(text));
  return cpu === undefined ? undefined : Math.min(cpu, Number.MAX_SAFE_INTEGER - 1);
}

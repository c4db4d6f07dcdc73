import { matchExtraSpec, type OperatorVerdict } from './extra-specs-ops.ts';
import { isJsonObject, pythonJson, pythonText } from './python-repr.ts';

/** A host as ComputeCapabilitiesFilter sees it. Values are what JSON can hold. */
export interface CapabilityHost {
  /** Attributes of Nova's HostState; `cpu_info` is JSON text. `stats` is an attribute too. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The compute node's stats. */
  readonly stats: Readonly<Record<string, unknown>>;
}

/**
 * The verdict of ComputeCapabilitiesFilter.
 *
 * Extra specs of scope `capabilities` name a path into the host; those without a scope count only if the host has an
 * attribute or stat of that name. Text on the way is read as JSON; lists and objects are compared as Python writes
 * them. The first extra spec that fails decides. Source: `scheduler/filters/compute_capabilities_filter.py`.
 */
export function matchCapabilities(
  extraSpecs: Readonly<Record<string, string>>,
  host: CapabilityHost,
): OperatorVerdict {
  for (const [name, requirement] of Object.entries(extraSpecs)) {
    const path = capabilityPath(name, host);
    if (path === undefined) continue;
    const value = capability(path, host);
    if (value === undefined) return 'no';
    const verdict = matchExtraSpec(pythonText(value), requirement);
    if (verdict !== 'yes') return verdict;
  }
  return 'yes';
}

function capabilityPath(name: string, host: CapabilityHost): readonly string[] | undefined {
  const [scope, ...path] = name.split(':');
  if (path.length > 0) return scope === 'capabilities' ? path : undefined;
  const known = Object.hasOwn(host.attributes, name) || Object.hasOwn(host.stats, name) || name === 'stats';
  return known ? [name] : undefined;
}

/** The value at a path; undefined where there is none, null included. */
function capability([first, ...rest]: readonly string[], host: CapabilityHost): unknown {
  const own = { stats: host.stats, ...host.attributes };
  let value = first === undefined ? undefined : (member(own, first) ?? member(host.stats, first));
  for (const name of rest) value = member(typeof value === 'string' ? pythonJson(value) : value, name);
  return value;
}

function member(parent: unknown, name: string): unknown {
  return isJsonObject(parent) && Object.hasOwn(parent, name) ? (parent[name] ?? undefined) : undefined;
}

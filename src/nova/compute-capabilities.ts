import { matchExtraSpec, type OperatorVerdict } from './extra-specs-ops.ts';

/** A host as ComputeCapabilitiesFilter sees it. Values are what JSON can hold. */
export interface CapabilityHost {
  /** Attributes of Nova's HostState; `cpu_info` is JSON text. */
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
  return Object.hasOwn(host.attributes, name) || Object.hasOwn(host.stats, name) ? [name] : undefined;
}

/** The value at a path; undefined where there is none, null included. */
function capability([first, ...rest]: readonly string[], host: CapabilityHost): unknown {
  let value = first === undefined ? undefined : (member(host.attributes, first) ?? member(host.stats, first));
  for (const name of rest) value = member(typeof value === 'string' ? parseJson(value) : value, name);
  return value;
}

function member(parent: unknown, name: string): unknown {
  return isObject(parent) && Object.hasOwn(parent, name) ? (parent[name] ?? undefined) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `str(value)`. Numbers must be integers: JSON of a float such as `1.0` cannot be told from 1 here. */
function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonRepr(item)).join(', ')}]`;
  if (!isObject(value)) return 'None';
  const members = Object.entries(value).map(([name, item]) => `${quote(name)}: ${pythonRepr(item)}`);
  return `{${members.join(', ')}}`;
}

/** Python prefers single quotes, and double ones where that saves escaping. */
function quote(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  if (text.includes("'") && !text.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

import { isDeepStrictEqual } from 'node:util';
import type { HostId } from '../../model/ids.ts';
import { hostId } from '../../model/ids.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { DomainFacts, Facts, HostFacts } from '../facts.ts';
import { controllerSettings } from '../host-facts/nova-settings.ts';

/**
 * Facts of what was recorded on hosts, or measured of them, under the names that the cloud has for its hosts: a folder
 * or a label may be the host, its node, or its address. Where no other source lists hosts, folders are the names.
 */
export function withHostNames(all: readonly Facts[]): { readonly facts: Facts[]; readonly gaps: Gap[] } {
  const listed = all.filter(
    ({ source }) => !isRaw(source) && source !== 'metrics:prometheus' && source !== 'api:neutron-agents',
  );
  const onHosts = all.filter(({ source }) => isRaw(source));
  const names = namesOf(listed.some(({ hosts }) => (hosts?.size ?? 0) > 0) ? listed : onHosts);
  const gaps: Gap[] = [];
  const lost = new Set<string>();
  const facts = all.map((each): Facts => {
    // Neutron has agents on machines that are no compute hosts
    if (names.size === 0 || listed.includes(each) || each.source === 'api:neutron-agents') return each;
    const rename = (id: HostId): HostId | undefined => {
      const known = find(names, id);
      if (known === undefined) lost.add(id);
      return known;
    };
    return {
      ...each,
      ...(each.hosts !== undefined && { hosts: renamed<HostFacts>(each.hosts, rename) }),
      ...(each.domains !== undefined && { domains: renamedDomains(each.domains, rename) }),
      ...(each.source === 'host-facts:nova-conf' && novaConfigOf(each, lost)),
    };
  });
  const controllers = facts.some(({ novaConfig }) => novaConfig !== undefined);
  for (const name of lost) {
    gaps.push({
      code: 'inventory.unknown-host-name',
      summary: `no host, node or address is called ${name}: ${controllers ? "of what was recorded of it only the controllers' settings in nova.conf count" : 'what was recorded of it is left out'}`,
    });
  }
  return { facts, gaps };
}

/** Settings of machines that are no compute hosts, for the whole cloud: those that controllers read and that all of them have alike. */
function novaConfigOf({ hosts }: Facts, lost: ReadonlySet<string>): Pick<Facts, 'novaConfig'> {
  const told = [...(hosts ?? [])].flatMap(([id, { novaConfig }]) =>
    lost.has(id) && novaConfig !== undefined ? [novaConfig] : [],
  );
  const entries = controllerSettings.flatMap((name) => {
    const settings = told.flatMap((each) => each[name] ?? []);
    const [first, ...others] = settings;
    const alike = others.every((each) => isDeepStrictEqual(each, first));
    return first !== undefined && alike ? [[name, first] as const] : [];
  });
  return entries.length === 0 ? {} : { novaConfig: Object.fromEntries(entries) };
}

const isRaw = (source: string): boolean => source.startsWith('host-facts:');

/** Hosts by each of their names; a name that two have is nobody's. */
function namesOf(all: readonly Facts[]): ReadonlyMap<string, HostId | undefined> {
  const names = new Map<string, HostId | undefined>();
  const add = (name: string | undefined, id: HostId): void => {
    if (name !== undefined) names.set(name, !names.has(name) || names.get(name) === id ? id : undefined);
  };
  const hosts = all.flatMap((facts) => [...(facts.hosts ?? [])]);
  for (const [id] of hosts) add(id, id);
  for (const [id, { nodeName }] of hosts) if (names.get(nodeName ?? '') === undefined) add(nodeName, id);
  for (const [id, { hostIp }] of hosts) add(hostIp, id);
  return names;
}

/** A name with a domain stands for the host of its first label. */
const find = (names: ReadonlyMap<string, HostId | undefined>, name: string): HostId | undefined =>
  names.get(name) ?? (/^[\d.]+$/.test(name) ? undefined : names.get(name.split('.')[0] ?? ''));

function renamed<Value extends object>(
  values: ReadonlyMap<HostId, Value>,
  rename: (id: HostId) => HostId | undefined,
): ReadonlyMap<HostId, Value> {
  const result = new Map<HostId, Value>();
  for (const [id, value] of values) {
    const known = rename(id);
    if (known !== undefined) result.set(known, Object.assign({}, result.get(known), value));
  }
  return result;
}

const renamedDomains = (
  domains: ReadonlyMap<HostId, readonly DomainFacts[]>,
  rename: (id: HostId) => HostId | undefined,
): ReadonlyMap<HostId, readonly DomainFacts[]> =>
  new Map(
    [...domains].flatMap(([id, list]) => {
      const known = rename(id);
      return known === undefined
        ? []
        : [[known, list.map((each) => ({ ...each, host: hostId(known) }))] as const];
    }),
  );

import type { Cloud } from '../model/cloud.ts';
import { namesSomething, type Selector, selectorKinds, selectorOf } from '../model/named.ts';
import { didYouMean, type FlagReader } from './flag-reader.ts';

/** The selectors of an option; those that are none are noted and left out. */
export const readSelectors = (flag: string, values: readonly string[], read: FlagReader): Selector[] =>
  values.flatMap((value) => readSelector(flag, value, read) ?? []);

/** `KIND:VALUE`; the value may hold colons. */
function readSelector(flag: string, text: string, read: FlagReader): Selector | undefined {
  const selector = selectorOf(text);
  if (selector !== undefined) return selector;
  const example = 'write KIND:VALUE, such as host:kvm-a01';
  read.refuse(
    flag,
    text,
    `starts with none of ${selectorKinds.map((known) => `${known}:`).join(' ')}, or names nothing`,
    example,
  );
  return undefined;
}

/** Notes every selector that means nothing in this cloud. */
export function checkSelectors(
  flag: string,
  selectors: readonly Selector[],
  cloud: Cloud,
  read: FlagReader,
): void {
  for (const selector of selectors) {
    const { kind, value } = selector;
    const names = namesOf(kind, cloud);
    if (names.has(value) || namesSomething(selector, cloud)) continue;
    read.refuse(
      flag,
      `${kind}:${value}`,
      `the inventory has no ${kind} ${kind === 'tag' || kind === 'metadata' ? 'like' : 'of'} this name`,
      didYouMean(value, names).hint,
    );
  }
}

/** Notes every host that is not in this cloud. */
export function checkHosts(flag: string, hosts: readonly string[], cloud: Cloud, read: FlagReader): void {
  const names = namesOf('host', cloud);
  for (const host of hosts) {
    if (names.has(host)) continue;
    read.refuse(flag, host, 'the inventory has no host of this name', didYouMean(host, names).hint);
  }
}

/** Names and ids by which the planner finds things of a kind. */
function namesOf(kind: Selector['kind'], cloud: Cloud): ReadonlySet<string> {
  switch (kind) {
    case 'server':
      return new Set([...cloud.servers.values()].flatMap((server) => [server.id, server.name]));
    case 'host':
      return new Set(cloud.hosts.keys());
    case 'project':
      return new Set([...cloud.servers.values()].flatMap(({ projectId }) => projectId ?? []));
    case 'tag':
      return new Set([...cloud.servers.values()].flatMap(({ tags = [] }) => tags));
    case 'flavor':
      return new Set([...cloud.servers.values()].map((server) => server.flavor.name));
    case 'group':
      return new Set([...cloud.groups.values()].flatMap((group) => [group.id, group.name]));
    case 'metadata':
      return new Set(
        [...cloud.servers.values()].flatMap(({ metadata = {} }) =>
          Object.entries(metadata).map(([key, value]) => `${key}=${value}`),
        ),
      );
    case 'zone':
      return new Set([...cloud.hosts.values()].flatMap(({ availabilityZone }) => availabilityZone ?? []));
    case 'rack':
      return new Set([...cloud.hosts.values()].flatMap(({ rack }) => rack ?? []));
    case 'aggregate':
      return new Set([...cloud.aggregates.values()].flatMap((aggregate) => [aggregate.id, aggregate.name]));
  }
}

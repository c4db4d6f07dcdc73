import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { groupBy } from '../shared/collections.ts';

/** Hosts that are all of what is given; without members all hosts. */
export interface HostSet {
  /** Name of the host; `*` stands for any text. */
  readonly host?: string;
  /** Name of a host aggregate. */
  readonly aggregate?: string;
  /** What an aggregate of the host has in its metadata. */
  readonly metadata?: { readonly key: string; readonly value: string };
  readonly zone?: string;
  readonly rack?: string;
}

/** Servers that are all of what is given; without members all servers. */
export interface ServerSet {
  /** Name or UUID; `*` stands for any text. */
  readonly server?: string;
  /** Name or UUID of a server group. */
  readonly group?: string;
  readonly project?: string;
  /** Name of the flavor. */
  readonly flavor?: string;
  readonly tag?: string;
  readonly metadata?: { readonly key: string; readonly value: string };
}

/** Sets of servers: those that are listed, one for each group, project or flavor, or one for each value of a key of metadata. */
export type Grouping =
  | { readonly sets: readonly ServerSet[] }
  | { readonly each: 'group' | 'project' | 'flavor' }
  | { readonly eachMetadata: string };

/** Where hosts are; a host whose rack or zone is unknown is a place of its own. */
export type PlaceKind = 'host' | 'rack' | 'zone';

/** The sets of a goal in one cloud. Equal sets are one object. */
export interface Selectors {
  readonly hosts: (set: HostSet) => ReadonlySet<HostId>;
  readonly servers: (set: ServerSet) => ReadonlySet<ServerId>;
  readonly groups: (grouping: Grouping) => readonly ReadonlySet<ServerId>[];
}

/** Resolves sets against a cloud; servers without a host are in none. */
export function createSelectors(cloud: Cloud): Selectors {
  const placed = [...cloud.servers.values()].filter(({ host }) => host !== undefined);
  const byMetadata = new Map<string, readonly Server[]>();
  const withMetadata = (key: string, value: string): readonly Server[] => {
    if (!byMetadata.has(key)) {
      byMetadata.set(key, []);
      for (const [known, servers] of groupBy(placed, ({ metadata }) => metadata[key]))
        byMetadata.set(`${key}\n${known ?? ''}`, known === undefined ? [] : servers);
    }
    return byMetadata.get(`${key}\n${value}`) ?? [];
  };
  const hosts = memo((set: HostSet) => {
    const matches = hostTest(cloud, set);
    return new Set([...cloud.hosts.values()].filter(matches).map(({ id }) => id));
  });
  const servers = memo((set: ServerSet) => {
    const { metadata } = set;
    const candidates = metadata === undefined ? placed : withMetadata(metadata.key, metadata.value);
    return new Set(candidates.filter(serverTest(cloud, set)).map(({ id }) => id));
  });
  const groups = (grouping: Grouping): readonly ReadonlySet<ServerId>[] => {
    if ('sets' in grouping) return grouping.sets.map(servers);
    if ('each' in grouping && grouping.each === 'group')
      return [...cloud.groups.values()].map(
        ({ members }) => new Set(members.filter((id) => cloud.servers.get(id)?.host !== undefined)),
      );
    const keyOf = ({ metadata, projectId, flavor }: Server): string | undefined =>
      'eachMetadata' in grouping
        ? metadata[grouping.eachMetadata]
        : grouping.each === 'project'
          ? projectId
          : flavor.name;
    return [...groupBy(placed, keyOf)].flatMap(([key, members]) =>
      key === undefined ? [] : [new Set(members.map(({ id }) => id))],
    );
  };
  return { hosts, servers, groups };
}

/** A key that two hosts share when they are in the same place. */
export function placeOf(cloud: Cloud, host: HostId, kind: PlaceKind): string {
  const facts = cloud.hosts.get(host);
  const place = { host: undefined, rack: facts?.rack, zone: facts?.availabilityZone }[kind];
  return place === undefined ? `host ${host}` : `${kind} ${place}`;
}

function memo<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const text = JSON.stringify(key);
    const value = known.get(text) ?? find(key);
    known.set(text, value);
    return value;
  };
}

function hostTest(cloud: Cloud, set: HostSet): (host: Host) => boolean {
  const { aggregate, metadata, zone, rack } = set;
  const named = textTest(set.host);
  const aggregatesOf = (host: Host) =>
    host.aggregates.map((id) => cloud.aggregates.get(id)).filter((known) => known !== undefined);
  return (host) =>
    named(host.id) &&
    (zone === undefined || host.availabilityZone === zone) &&
    (rack === undefined || host.rack === rack) &&
    (aggregate === undefined || aggregatesOf(host).some(({ name }) => name === aggregate)) &&
    (metadata === undefined ||
      aggregatesOf(host).some((known) => known.metadata[metadata.key] === metadata.value));
}

function serverTest(cloud: Cloud, set: ServerSet): (server: Server) => boolean {
  const { group, project, flavor, tag } = set; // metadata have been looked up
  const named = textTest(set.server);
  const members =
    group === undefined
      ? undefined
      : new Set(
          [...cloud.groups.values()]
            .filter(({ id, name }) => id === group || name === group)
            .flatMap((known) => known.members),
        );
  return ({ id, name, projectId, tags, flavor: own }) =>
    (named(id) || named(name)) &&
    (members === undefined || members.has(id)) &&
    (project === undefined || projectId === project) &&
    (flavor === undefined || own.name === flavor) &&
    (tag === undefined || tags.includes(tag));
}

/** Whether a text is what a pattern says; all are without one. */
function textTest(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  if (!pattern.includes('*')) return (text) => text === pattern;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (text) => expression.test(text);
}

import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { hostChoice, select, serverChoice } from '../model/select.ts';
import type { HostSelector, ServerSelector } from '../model/selector.ts';
import type { Server } from '../model/server.ts';
import { groupBy } from '../shared/collections.ts';

/** Sets of servers: those that are listed, one for each group, project or flavor, or one for each value of a key of metadata. */
export type Grouping =
  | { readonly sets: readonly ServerSelector[] }
  | { readonly each: 'group' | 'project' | 'flavor' }
  | { readonly eachMetadata: string };

/** The sets of a goal in one cloud. Equal sets are one object. */
export interface Selectors {
  readonly hosts: (selector: HostSelector) => ReadonlySet<HostId>;
  readonly servers: (selector: ServerSelector) => ReadonlySet<ServerId>;
  readonly groups: (grouping: Grouping) => readonly ReadonlySet<ServerId>[];
}

/** Resolves sets against a cloud; servers without a host are in none. */
export function createSelectors(cloud: Cloud): Selectors {
  let hostsOf: ReturnType<typeof hostChoice> | undefined;
  let serversOf: ReturnType<typeof serverChoice> | undefined;
  const hosts = memo(
    (selector: HostSelector) =>
      new Set(select(selector, (hostsOf ??= hostChoice(cloud))).map(({ id }) => id)),
  );
  const servers = memo(
    (selector: ServerSelector) =>
      new Set(
        select(selector, (serversOf ??= serverChoice(cloud))).flatMap(({ id, host }) =>
          host === undefined ? [] : [id],
        ),
      ),
  );
  const groups = (grouping: Grouping): readonly ReadonlySet<ServerId>[] => {
    if ('sets' in grouping) return grouping.sets.map(servers);
    if ('each' in grouping && grouping.each === 'group')
      return [...cloud.groups.values()].map(
        ({ members }) => new Set(members.filter((id) => cloud.servers.get(id)?.host !== undefined)),
      );
    const keyOf = ({ metadata, projectId, flavor }: Server): string | undefined =>
      'eachMetadata' in grouping
        ? metadata?.[grouping.eachMetadata]
        : grouping.each === 'project'
          ? projectId
          : flavor.name;
    const placed = [...cloud.servers.values()].filter(({ host }) => host !== undefined);
    return [...groupBy(placed, keyOf)].flatMap(([key, members]) =>
      key === undefined ? [] : [new Set(members.map(({ id }) => id))],
    );
  };
  return { hosts, servers, groups };
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

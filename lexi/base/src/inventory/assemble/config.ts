import { isDeepStrictEqual } from 'node:util';
import type { HostId } from '../../model/ids.ts';
import type { CloudConfig } from '../../model/nova-config.ts';
import type { HostFacts } from '../facts.ts';
import type { Merged } from '../merge.ts';
import { present } from '../present.ts';

type Hosts = ReadonlyMap<HostId, Merged<HostFacts>>;

/**
 * Settings of nova.conf that all hosts which told theirs have alike, as the cloud's; a host keeps those in which it
 * differs from another.
 */
export function withSharedConfig(hosts: Hosts): {
  readonly hosts: Hosts;
  readonly config: Partial<CloudConfig>;
} {
  const told = [...hosts.values()].flatMap(({ facts }) =>
    facts.novaConfig === undefined || Object.keys(facts.novaConfig).length === 0 ? [] : [facts.novaConfig],
  );
  const [first, ...others] = told;
  if (first === undefined) return { hosts, config: {} };
  const isShared = (name: string, setting: unknown): boolean =>
    others.every((each) =>
      isDeepStrictEqual(Object.entries(each).find(([other]) => other === name)?.[1], setting),
    );
  const shared = new Set(
    Object.entries(first)
      .filter(([name, setting]) => isShared(name, setting))
      .map(([name]) => name),
  );
  const part = (config: Partial<CloudConfig>, common: boolean): Partial<CloudConfig> =>
    Object.fromEntries(Object.entries(config).filter(([name]) => shared.has(name) === common));
  return {
    config: part(first, true),
    hosts: new Map(
      [...hosts].map(([id, { facts, sources }]): [HostId, Merged<HostFacts>] => {
        const own = part(facts.novaConfig ?? {}, false);
        const novaConfig = Object.keys(own).length === 0 ? undefined : own;
        return [id, { facts: present({ ...facts, novaConfig }), sources }];
      }),
    ),
  };
}

import type { Selection } from '../constraints/rules/selection.ts';
import type { Cloud } from '../model/cloud.ts';
import { type HostId, hostId, type ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { PlanningOptions, Selector } from './planning-request.ts';

/**
 * Who takes part in a run. An excluded host neither gives nor receives; excluded servers stay; with `--only`, all
 * others stay. Hosts to be drained receive nothing.
 */
export function select(
  cloud: Cloud,
  options: Pick<PlanningOptions, 'exclude' | 'only' | 'drain'>,
): Selection {
  const staying = new Map<ServerId, string>();
  const closed = new Map<HostId, string>();
  for (const selector of options.exclude) {
    for (const host of hostsOf(cloud, selector)) closed.set(host, `excluded by ${show(selector)}`);
  }
  for (const server of cloud.servers.values()) {
    const excluded = options.exclude.find((selector) => matches(cloud, server, selector));
    if (excluded !== undefined) staying.set(server.id, `excluded by ${show(excluded)}`);
    else if (options.only.length > 0 && !options.only.some((selector) => matches(cloud, server, selector)))
      staying.set(server.id, 'not among what --only names');
  }
  for (const host of options.drain) closed.set(host, 'is being drained');
  return { staying, closed };
}

const show = ({ kind, value }: Selector): string => `${kind}:${value}`;

function matches(cloud: Cloud, server: Server, { kind, value }: Selector): boolean {
  switch (kind) {
    case 'server':
      return server.id === value || server.name === value;
    case 'project':
      return server.projectId === value;
    case 'tag':
      return server.tags.includes(value);
    case 'host':
    case 'aggregate':
      return server.host !== undefined && hostsOf(cloud, { kind, value }).includes(server.host);
  }
}

function hostsOf(cloud: Cloud, { kind, value }: Selector): readonly HostId[] {
  if (kind === 'host') return cloud.hosts.has(hostId(value)) ? [hostId(value)] : [];
  if (kind !== 'aggregate') return [];
  return [...cloud.aggregates.values()]
    .filter((a) => a.name === value || a.id === value)
    .flatMap((a) => a.hosts);
}

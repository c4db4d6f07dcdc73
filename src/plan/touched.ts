import type { RuleContext } from '../constraints/context.ts';
import { memberSet } from '../constraints/group-view.ts';
import type { StateView } from '../constraints/state-view.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import type { HostId, ServerGroupId, ServerId } from '../model/ids.ts';
import { compareText } from '../shared/collections.ts';
import { mapPart } from '../shared/map-part.ts';
import { isMigration } from './run-steps.ts';
import type { Step } from './plan.ts';

/** Servers that move, and hosts that they leave or come to or whose service changes. */
export interface Touched {
  readonly servers: ReadonlySet<ServerId>;
  readonly hosts: ReadonlySet<HostId>;
}

export function touchedBySteps(steps: readonly Step[]): Touched {
  const servers = new Set<ServerId>();
  const hosts = new Set<HostId>();
  for (const step of steps)
    if (isMigration(step)) {
      servers.add(step.server);
      hosts.add(step.from).add(step.to);
    } else if ('host' in step) hosts.add(step.host);
  return { servers, hosts };
}

/**
 * A state in which rules, going through a cloud, come upon what is touched alone: these hosts, all who run there, and
 * the groups of the servers that move. An audit of it lists every violation that such moves can make, raise, lower or
 * mend, since a rule's breach is one of a host, of a server where it is, of a group, or of what an operator's rule names
 * (which is asked as a whole). Lookups see all of the cloud.
 */
export function touchedView<View extends StateView>(state: View, { servers, hosts }: Touched): View {
  return { ...state, context: touchedContext(state.context, { servers, hosts }) };
}

/** What moves can break: what they touch, or all, since room after the loss of a host is a matter of all hosts. */
export const concernedView = <View extends StateView>(
  state: View,
  touched: Touched,
  { surviveHostLoss }: { readonly surviveHostLoss?: true },
): View => (surviveHostLoss === true ? state : touchedView(state, touched));

function touchedContext(context: RuleContext, { servers, hosts }: Touched): RuleContext {
  const { cloud } = context;
  const { residents } = cloudIndex(cloud);
  const concerned = new Set(servers);
  for (const host of hosts) for (const { id } of residents.get(host) ?? []) concerned.add(id);
  const groups = new Set<ServerGroupId>();
  for (const group of cloud.groups.values()) {
    const members = memberSet(group);
    const few = members.size < servers.size ? group.members : servers;
    for (const id of few) if (members.has(id) && servers.has(id)) groups.add(group.id);
  }
  return {
    ...context,
    cloud: {
      ...cloud,
      servers: mapPart(cloud.servers, inOrder(concerned)),
      hosts: mapPart(cloud.hosts, inOrder(hosts)),
      groups: mapPart(cloud.groups, groups),
    },
  };
}

/** By id, as in the cloud. */
const inOrder = <Id extends string>(ids: ReadonlySet<Id>): ReadonlySet<Id> =>
  new Set([...ids].toSorted(compareText));

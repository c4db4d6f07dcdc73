import type { Cloud } from '../model/cloud.ts';
import { type Host, isUp } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { escapeControls, showName } from '../shared/text.ts';

/** Which hosts are to be enabled, what is to be known of others, and what keeps all of it from being done. */
export interface ToEnable {
  readonly enable: readonly HostId[];
  readonly told: readonly string[];
  readonly refused: readonly string[];
}

/**
 * Hosts are enabled that are up, and that a plan has disabled: one of these, or any where none is named. Whoever
 * disabled a host by hand did so for a reason.
 *
 * @param plans of one run, in turn
 */
export function hostsToEnable(
  { hosts, migrations }: Cloud,
  wanted: readonly HostId[],
  { plans = [], force }: { readonly plans?: readonly Pick<Plan, 'id'>[]; readonly force: boolean },
): ToEnable {
  const enable: HostId[] = [];
  const told: string[] = [];
  const refused: string[] = [];
  for (const id of wanted) {
    const host = hosts.get(id);
    if (host === undefined) continue;
    if (host.service.status === 'enabled') {
      told.push(`${id} is enabled already`);
      continue;
    }
    const unclean = migrations.filter(
      ({ type, status, source }) => type === 'evacuation' && status === 'done' && source === id,
    );
    const against = [
      ...(isUp(host.service) ? [] : [`nova-compute on ${id} is down: start it first`]),
      ...(unclean.length === 0 || force
        ? []
        : [
            `${id} may still run servers that were evacuated (migrations ${unclean.map((one) => one.id).join(', ')} are not completed): restart nova-compute there, which deletes them`,
          ]),
      ...(force ? [] : notOurs(host, plans)),
    ];
    refused.push(...against);
    if (against.length > 0) continue;
    enable.push(id);
    told.push(`${id} was disabled: ${reasonOf(host)}`);
  }
  return { enable, told, refused };
}

const reasonOf = ({ service }: Host): string =>
  service.disabledReason === undefined ? 'nobody said why' : escapeControls(service.disabledReason);

function notOurs(host: Host, plans: readonly Pick<Plan, 'id'>[]): readonly string[] {
  const ours = plans.length === 0 ? ['planner plan '] : plans.map(({ id }) => `planner plan ${id}:`);
  if (ours.some((text) => host.service.disabledReason?.startsWith(text) === true)) return [];
  const by = plans.length === 0 ? 'a plan' : `plan ${plans.map(({ id }) => id).join(' or ')}`;
  return [`${host.id} was not disabled by ${by}: ${reasonOf(host)}; --force-enable enables it all the same`];
}

/** Servers that go back, and of the others why they do not. */
export interface ToRestore {
  readonly homes: ReadonlyMap<ServerId, HostId>;
  readonly told: readonly string[];
}

/**
 * The servers that plans of one run have moved, to where they took them from. Those that somebody has moved on since, or
 * deleted, are not their matter any more; nor are those of a host that they emptied and that stays out of use.
 *
 * @param plans in turn
 * @param moved where the plans, or what was carried out of them, took each server from
 */
export function serversToRestore(
  plans: readonly Plan[],
  moved: ReadonlyMap<ServerId, HostId>,
  { servers, hosts }: Cloud,
  undrained: readonly HostId[],
): ToRestore {
  const stops = new Map<ServerId, Set<HostId>>();
  const names = new Map<ServerId, string>();
  for (const { server, serverName, to } of plans.flatMap(({ steps }) => steps.filter(isMigration))) {
    names.set(server, serverName);
    stops.set(server, (stops.get(server) ?? new Set()).add(to));
  }
  const drained = plans.flatMap(({ basedOn }) => basedOn.options.drain);
  const shut = new Set(drained.filter((host) => !undrained.includes(host)));
  const homes = new Map<ServerId, HostId>();
  const told: string[] = [];
  for (const [id, home] of moved) {
    const name = showName(names.get(id) ?? id);
    const server = servers.get(id);
    if (server === undefined) told.push(`${name} is gone`);
    else if (server.host === home) continue;
    else if (server.host === undefined || stops.get(id)?.has(server.host) !== true)
      told.push(`${name} was moved on to ${server.host ?? 'no host'} since: it stays there`);
    else if (server.status === 'VERIFY_RESIZE')
      told.push(`${name} waits for a confirmation: it stays on ${server.host}`);
    else if (!hosts.has(home)) told.push(`${name} stays on ${server.host}: ${home} is gone`);
    else if (shut.has(home)) told.push(`${name} stays on ${server.host}: ${home} is not among the hosts`);
    else homes.set(id, home);
  }
  return { homes, told };
}

/** Where the migrations of a plan take each server from at first. */
export function homesIn({ steps }: Plan): ReadonlyMap<ServerId, HostId> {
  const homes = new Map<ServerId, HostId>();
  for (const { server, from } of steps.filter(isMigration)) if (!homes.has(server)) homes.set(server, from);
  return homes;
}

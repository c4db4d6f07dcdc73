import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import type { OtherService } from '../../model/host.ts';
import { type HostId, hostId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { present } from '../present.ts';
import { parseItems, toInstant } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const flag = maybe(z.union([z.int(), z.boolean()]).transform(Boolean));

/** The table `services`; the version alone of these facts is in no API. */
const Service = z.object({
  host: maybe(z.string().min(1)),
  binary: maybe(z.string()),
  uuid: maybe(z.string()),
  disabled: flag,
  disabled_reason: maybe(z.string()),
  forced_down: flag,
  last_seen_up: maybe(z.string()),
  updated_at: maybe(z.string()),
  version: maybe(z.int().min(0)),
});

type Raw = z.infer<typeof Service>;

/** `service_down_time`: Nova's default; a service that was silent for longer counts as down. */
const downAfterSeconds = 60;

export function readServices(rows: Rows): Facts {
  const services = parseItems(Service, rows);
  const seenAt = services.flatMap((raw) => toInstant(raw.last_seen_up ?? raw.updated_at) ?? []).sort();
  const newest = seenAt.at(-1);
  const isUp = (raw: Raw): boolean =>
    raw.forced_down !== true && secondsBetween(raw, newest) <= downAfterSeconds;
  const hosts = new Map<HostId, HostFacts>();
  for (const [host, all] of groupBy(services, (raw) => raw.host)) {
    const compute = all.find(({ binary }) => binary === 'nova-compute');
    if (compute === undefined || host === undefined) continue;
    const others = all.filter((raw) => raw !== compute);
    hosts.set(hostId(host), {
      ...toFacts(compute, isUp(compute)),
      otherServices: others.map((raw): OtherService => ({
        binary: raw.binary ?? 'unknown',
        alive: isUp(raw),
      })),
    });
  }
  return { source: 'db:services', hosts, seenAt };
}

/** From the last sign of life to the newest one in the table, which stands for the time of the dump. */
function secondsBetween(raw: Raw, newest: string | undefined): number {
  const last = toInstant(raw.last_seen_up ?? raw.updated_at);
  return last === undefined || newest === undefined
    ? Infinity
    : (Date.parse(newest) - Date.parse(last)) / 1000;
}

const toFacts = (raw: Raw, up: boolean): HostFacts =>
  present({
    serviceStatus: raw.disabled === true ? ('disabled' as const) : ('enabled' as const),
    serviceState: up ? ('up' as const) : ('down' as const),
    forcedDown: raw.forced_down,
    disabledReason: raw.disabled_reason,
    serviceId: raw.uuid,
    serviceVersion: raw.version,
  });

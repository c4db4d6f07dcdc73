import {
  type Disruption,
  isOff,
  type RuleContext,
  storageOf,
  type Way,
  waysOf,
} from '../../constraints/context.ts';
import type { Server } from '../../model/server.ts';

/** Disruptions that can open hosts to a server; the others change how long a migration takes. */
export const openingDisruptions: readonly Disruption[] = ['cold', 'nic-detach', 'forced'];

/** The same context with one more disruption allowed. */
export const allowing = (context: RuleContext, ...more: readonly Disruption[]): RuleContext => ({
  ...context,
  allow: new Set([...context.allow, ...more]),
});

/**
 * The ways to ask hosts about, best first: those that are allowed, an evacuate where the source is down, and for a
 * server that may not travel at all the way that it would take otherwise.
 */
export function askedWays(server: Server, context: RuleContext): readonly Way[] {
  const ways = distinct([
    ...waysOf(server, context),
    ...forcedWays(server, context),
    ...evacuation(server, context),
  ]);
  return ways.length > 0 ? ways : [usualWay(server, context)];
}

/** Every way that there is for the server, whether allowed or not. */
export function everyWay(server: Server, context: RuleContext): readonly Way[] {
  const opened = askedWays(server, allowing(context, ...openingDisruptions));
  return distinct([...askedWays(server, context), ...opened]);
}

const usualWay = (server: Server, context: RuleContext): Way => ({
  method: server.vmState === 'stopped' || isOff(server) ? 'cold' : 'live',
  storage: storageOf(server, context),
});

function forcedWays(server: Server, context: RuleContext): readonly Way[] {
  if (!context.allow.has('forced') || !context.profile.switches.forcedLive) return [];
  return waysOf(server, context)
    .filter(({ method }) => method === 'live')
    .map((way) => ({ ...way, forced: true as const }));
}

function evacuation(server: Server, context: RuleContext): readonly Way[] {
  const service = server.host === undefined ? undefined : context.cloud.hosts.get(server.host)?.service;
  const down = service !== undefined && (service.state === 'down' || service.forcedDown);
  return down ? [{ method: 'evacuate', storage: storageOf(server, context) }] : [];
}

const distinct = (ways: readonly Way[]): readonly Way[] => [
  ...new Map(ways.map((way) => [wayKey(way), way])).values(),
];

/** Equal for ways that are the same. */
export const wayKey = ({ method, storage, forced }: Way): string =>
  `${method} ${storage} ${String(forced === true)}`;

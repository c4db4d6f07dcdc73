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
 * The ways to ask hosts about, best first: those that are allowed; for a server that may not travel at all, the way
 * that it would take otherwise; from a host that is down, an evacuate and nothing else.
 */
export function askedWays(server: Server, context: RuleContext): readonly Way[] {
  if (isSourceDown(server, context)) return [evacuation(server, context)];
  const ways = distinct([...waysOf(server, context), ...forcedWays(server, context)]);
  return ways.length > 0 ? ways : [usualWay(server, context)];
}

/** Every way that there is for the server, whether allowed or not. */
export function everyWay(server: Server, context: RuleContext): readonly Way[] {
  const opened = allowing(context, ...openingDisruptions);
  const ways = [...waysOf(server, opened), ...forcedWays(server, opened)];
  return distinct([
    ...(ways.length > 0 ? ways : [usualWay(server, context)]),
    ...(isSourceDown(server, context) ? [evacuation(server, context)] : []),
  ]);
}

export function isSourceDown({ host }: Server, { cloud }: RuleContext): boolean {
  const service = host === undefined ? undefined : cloud.hosts.get(host)?.service;
  return service !== undefined && (service.state === 'down' || service.forcedDown);
}

const evacuation = (server: Server, context: RuleContext): Way => ({
  method: 'evacuate',
  storage: storageOf(server, context),
});

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

const distinct = (ways: readonly Way[]): readonly Way[] => [
  ...new Map(ways.map((way) => [wayKey(way), way])).values(),
];

/** Equal for ways that are the same. */
export const wayKey = ({ method, storage, forced }: Way): string =>
  `${method} ${storage} ${String(forced === true)}`;

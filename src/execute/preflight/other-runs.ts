import type { HostId, ServerId } from '../../model/ids.ts';
import type { Plan } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import { groupBy } from '../../shared/collections.ts';
import type { MigrationSeen, ServiceSeen } from '../driver.ts';
import type { PreflightFinding } from './finding.ts';
import { planOfReason } from '../runner/calls.ts';
import { type RunState, stepState } from '../runner/run-state.ts';

/** A migration of some server that has not ended. */
export type InFlight = MigrationSeen & { readonly server: ServerId };

const told = (text: string): PreflightFinding => ({ blocks: false, text });

/** Hosts that a plan moves servers from or to. */
export const hostsOf = ({ steps }: Pick<Plan, 'steps'>): ReadonlySet<HostId> =>
  new Set(steps.filter(isMigration).flatMap(({ from, to }) => [from, to]));

/** Hosts that nobody is to be on when the plan is done, or that are to run nothing else. */
export const emptied = ({ steps }: Pick<Plan, 'steps'>): ReadonlySet<HostId> =>
  new Set(
    steps.flatMap((step) => [
      ...(step.kind === 'disable-service' &&
      steps.some((other) => isMigration(other) && other.from === step.host)
        ? [step.host]
        : []),
      ...step.guards.flatMap((guard) => (guard.kind === 'runs-only' ? [guard.host] : [])),
    ]),
  );

/**
 * Migrations that are not this run's. Nova lets them go on beside those of the plan, in the queue of their source; what
 * they claim on a host is asked of Placement before each step. So they block only where they move a server of the plan,
 * or bring one to a host that is to be empty.
 *
 * @param waiting the first step of each server whose steps have not begun
 */
export function otherMigrations(
  plan: Plan,
  run: RunState,
  waiting: ReadonlyMap<ServerId, { readonly id: string }>,
  inFlight: readonly InFlight[],
): readonly PreflightFinding[] {
  const hosts = hostsOf(plan);
  const empty = emptied(plan);
  const own = begunServers(plan, run);
  const others = inFlight.filter(
    ({ server, status }) => !own.has(server) && (status !== 'done' || waiting.has(server)),
  );
  const isNear = ({ source, destination }: InFlight): boolean =>
    [source, destination].some((host) => host !== undefined && hosts.has(host));
  const far = others.filter((one) => !waiting.has(one.server) && !isNear(one));
  const near = others.filter((one) => !far.includes(one));
  return [
    ...near.map((one): PreflightFinding => {
      const step = waiting.get(one.server);
      const text = migrationWords(one);
      if (step !== undefined) return { blocks: true, step: step.id, text };
      if (one.destination !== undefined && empty.has(one.destination))
        return { blocks: true, text: `${text}: the plan wants ${one.destination} to be empty` };
      return told(`${text}: it holds room on hosts of the plan`);
    }),
    ...(far.length === 0
      ? []
      : [told(`migrations of others are not over (${far.length}), none on a host of the plan`)]),
  ];
}

const migrationWords = ({ id, server, type, status, source, destination }: InFlight): string =>
  `migration ${id} (${type}, ${status}) of server ${server} from ${source ?? 'an unknown host'} to ${destination ?? 'an unknown host'} is not over`;

/** Servers of which this run has requested something: what moves them is its own. */
const begunServers = ({ steps }: Plan, run: RunState): ReadonlySet<ServerId> =>
  new Set(
    steps.flatMap((step) => {
      if (!('server' in step)) return [];
      const { phase, attempts } = stepState(run, step.id);
      return phase !== 'waiting' || attempts > 0 ? [step.server] : [];
    }),
  );

/**
 * Hosts that were disabled by other plans, as the reason tells. One that this plan found enabled when it was made was
 * disabled since: another run is at work on it, or has ended there.
 *
 * @param own ids of the plans of this run
 */
export function otherPlans(
  plan: Plan,
  run: RunState,
  services: readonly ServiceSeen[],
  own: ReadonlySet<string>,
): readonly PreflightFinding[] {
  const hosts = hostsOf(plan);
  const foreign = services.flatMap(({ host, status, reason }) => {
    const other = status === 'disabled' ? planOfReason(reason ?? '') : undefined;
    return other === undefined || own.has(other) || isKnown(plan, host, reason) ? [] : [{ host, other }];
  });
  const far = foreign.filter(({ host }) => !hosts.has(host));
  return [
    ...foreign
      .filter(({ host }) => hosts.has(host))
      .map(({ host, other }): PreflightFinding => {
        const text = `${host} was disabled by plan ${other}`;
        return wasEnabled(plan, run, host)
          ? { blocks: true, text: `${text} since this plan was made: let its run end, then plan again` }
          : told(text);
      }),
    ...[...groupBy(far, ({ other }) => other)].map(([other, some]) =>
      told(
        `plan ${other} has disabled ${some.map(({ host }) => host).join(', ')}, which this plan does not touch`,
      ),
    ),
  ];
}

/** The plan expects that very reason. */
const isKnown = ({ steps }: Plan, host: HostId, reason: string | undefined): boolean =>
  steps.some(({ guards }) =>
    guards.some((guard) => guard.kind === 'service' && guard.host === host && guard.reason === reason),
  );

/** A step that is still to come was made for an enabled host. */
const wasEnabled = ({ steps }: Plan, run: RunState, host: HostId): boolean =>
  steps.some(
    ({ id, guards }) =>
      stepState(run, id).phase === 'waiting' &&
      guards.some((guard) => guard.kind === 'service' && guard.host === host && guard.status === 'enabled'),
  ) &&
  !steps.some(
    (step) =>
      step.kind === 'enable-service' && step.host === host && stepState(run, step.id).phase === 'waiting',
  );

import { amountsOn } from '../constraints/demand.ts';
import type { RuleContext } from '../constraints/context.ts';
import { coverageOf } from '../constraints/empty-destination.ts';
import { groupLimit } from '../constraints/group-view.ts';
import { invariant } from '../shared/invariant.ts';
import { latestEnd } from '../shared/latest-end.ts';
import { type ComputeService, isUp } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { ConfirmStep, Guard, MigrationStep, ServiceStep } from '../plan/plan.ts';
import type { BareStep } from '../plan/undo.ts';
import type { OrderedConfirm, OrderedMigration, OrderedStep } from '../schedule/ordered.ts';
import { timeoutPolicyOf } from './timeout-policy.ts';

/** What the steps of a plan say besides their order. */
export interface StepWords {
  readonly context: RuleContext;
  /** Ends `disabledReason`; names the goal, since the plan's id is made from its steps. */
  readonly disabledReason: string;
  /** Why hosts that were emptied are enabled again. */
  readonly enabledAgain: (host: HostId) => string;
}

/**
 * The steps of the document but for their way back: hosts that are emptied are disabled before the first migration
 * leaves them.
 */
export function planSteps(
  ordered: readonly OrderedStep[],
  disabled: readonly HostId[],
  reEnabled: readonly HostId[],
  words: StepWords,
): readonly BareStep[] {
  const disables = disabled.map((host, index) =>
    serviceStep('disable-service', `d${index + 1}`, host, 1, [], words),
  );
  const disableOf = new Map(disables.map((step) => [step.host, step.id]));
  const broughtBefore = arrivalsBefore(ordered);
  const moves = ordered.map((step) => documentStep(step, disableOf, broughtBefore, words));
  const lastWave = moves.reduce((last, step) => Math.max(last, step.wave), 1);
  const enables = reEnabled.map((host, index) => {
    const leaving = moves.filter((s) => (s.kind === 'live' || s.kind === 'cold') && s.from === host);
    const before = [...leaving.map((s) => confirmOf(s, moves) ?? s.id)].toSorted();
    const at = latestEnd(moves.filter(({ id }) => before.includes(id)));
    const enable = serviceStep('enable-service', `e${index + 1}`, host, lastWave + 1, before, words);
    return { ...enable, startSeconds: at, endSeconds: at };
  });
  return [...disables, ...moves, ...enables];
}

/** The confirm of a cold migration, which is what frees its source. */
const confirmOf = (migration: BareStep, steps: readonly BareStep[]): string | undefined =>
  steps.find((step) => step.kind === 'confirm' && step.of === migration.id)?.id;

function serviceStep(
  kind: ServiceStep['kind'],
  id: string,
  host: HostId,
  wave: number,
  before: readonly string[],
  { context, disabledReason, enabledAgain }: StepWords,
): Omit<ServiceStep, 'undo'> {
  const service = context.cloud.hosts.get(host)?.service;
  const disabling = kind === 'disable-service';
  return {
    kind,
    id,
    host,
    requestAfter: [],
    dependsOn: before.map((step) => ({ step, reason: `the last servers leave ${host}` })),
    wave,
    startSeconds: 0,
    endSeconds: 0,
    microversion: context.profile.switches.microversions.service,
    reason: disabling ? reasonToDisable(host, context) : enabledAgain(host),
    guards: [{ kind: 'service', host, status: disabling ? 'enabled' : 'disabled', state: stateOf(service) }],
    ...(service?.id !== undefined && { serviceId: service.id }),
    ...(disabling && { disabledReason }),
  };
}

const reasonToDisable = (host: HostId, { evacuated }: RuleContext): string =>
  evacuated?.has(host) === true
    ? `keeps servers off ${host} when it comes back, until somebody has looked at it`
    : `keeps new servers off ${host} while it is emptied`;

const stateOf = (service: ComputeService | undefined): 'up' | 'down' =>
  service === undefined || isUp(service) ? 'up' : 'down';

function documentStep(
  step: OrderedStep,
  disableOf: ReadonlyMap<HostId, string>,
  broughtBefore: BroughtBefore,
  words: StepWords,
): Omit<MigrationStep, 'undo'> | Omit<ConfirmStep, 'undo'> {
  return step.kind === 'migrate'
    ? migrationStep(step, disableOf, broughtBefore(step), words)
    : confirmStep(step, words);
}

function migrationStep(
  step: OrderedMigration,
  disableOf: ReadonlyMap<HostId, string>,
  brought: readonly ServerId[],
  { context }: StepWords,
): Omit<MigrationStep, 'undo'> {
  const { server, from, to, method, storage, forced = false } = step.arrival;
  const disable = disableOf.get(from);
  const { microversions } = context.profile.switches;
  return {
    kind: method,
    id: step.id,
    server: server.id,
    serverName: server.name,
    from,
    to,
    storage,
    forced,
    stopOver: step.stopOver,
    requestAfter: step.requestAfter,
    dependsOn: [
      ...(disable === undefined
        ? []
        : [{ step: disable, reason: `${from} is disabled before it is emptied` }]),
      ...step.dependsOn,
    ],
    wave: step.wave,
    startSeconds: step.startSeconds,
    endSeconds: step.endSeconds,
    microversion: (forced ? microversions.liveForced : undefined) ?? microversions[method],
    reason: '', // `withReasons` says it when the plan has been replayed
    guards: guardsOf(step, brought, context),
    predicted: {
      cells: (step.fit?.cells ?? []).map((cell) => ({
        hostCellId: cell.hostCellId,
        pinnedCpuCount: cell.pinnedCpuCount + cell.reservedCpuCount,
        ...(cell.pageSizeKiB !== undefined && { pageSizeKiB: cell.pageSizeKiB }),
      })),
      bytes: step.bytes,
      seconds: step.seconds,
      downtimeMs: step.downtimeMs,
      downtimeHighMs: step.downtimeHighMs,
    },
    timeoutPolicy: method === 'live' ? timeoutPolicyOf(step.arrival, context) : 'wait',
  };
}

function confirmStep(step: OrderedConfirm, { context }: StepWords): Omit<ConfirmStep, 'undo'> {
  const server = context.cloud.servers.get(step.server);
  invariant(server !== undefined, 'a confirm step names a server of the cloud');
  return {
    kind: 'confirm',
    id: step.id,
    server: server.id,
    serverName: server.name,
    of: step.of,
    requestAfter: [],
    dependsOn: step.dependsOn,
    wave: step.wave,
    startSeconds: step.startSeconds,
    endSeconds: step.endSeconds,
    microversion: context.profile.switches.microversions.cold,
    reason: `frees what ${server.name} still holds where its cold migration (${step.of}) came from`,
    guards: [{ kind: 'server-status', server: server.id, status: 'VERIFY_RESIZE' }],
    confirmPolicy: 'after-check',
  };
}

type BroughtBefore = (step: OrderedMigration) => readonly ServerId[];

/** The servers that steps before one bring to the host that it goes to, ascending. */
function arrivalsBefore(ordered: readonly OrderedStep[]): BroughtBefore {
  const before = new Map<OrderedStep, readonly ServerId[]>();
  const brought = new Map<HostId, Set<ServerId>>();
  for (const step of ordered) {
    if (step.kind !== 'migrate') continue;
    const { server, from, to } = step.arrival;
    brought.get(from)?.delete(server.id);
    const there = brought.get(to) ?? new Set();
    before.set(step, [...there].toSorted());
    brought.set(to, there.add(server.id));
  }
  return (step) => before.get(step) ?? [];
}

function guardsOf(
  step: OrderedMigration,
  brought: readonly ServerId[],
  context: RuleContext,
): readonly Guard[] {
  const { server, from, to, forced } = step.arrival;
  const host = context.cloud.hosts.get(to);
  const demand = context.demands.get(server.id);
  const amounts = host === undefined || demand === undefined ? {} : amountsOn(demand, host);
  return [
    { kind: 'server-on-host', server: server.id, host: from },
    { kind: 'server-status', server: server.id, status: statusOf(server) },
    {
      kind: 'server-flavor',
      server: server.id,
      flavor: server.flavor.name,
      vcpus: server.flavor.vcpus,
      memoryMiB: server.flavor.memoryMiB,
    },
    // A forced migration goes to a disabled host as well.
    {
      kind: 'service',
      host: to,
      status: forced === true ? (host?.service.status ?? 'enabled') : 'enabled',
      state: 'up',
    },
    ...(step.arrival.method === 'evacuate' ? [deadSource(step.arrival.from)] : []),
    ...Object.entries(amounts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([resource, atLeast]): Guard => ({ kind: 'free', host: to, resource, atLeast })),
    ...groupGuard(server, to, context),
    ...(step.arrival.method === 'live' && coverageOf(server, context)?.insistence === 'required'
      ? [{ kind: 'runs-only', host: to, servers: brought } as const]
      : []),
  ];
}

/** Nova evacuates from hosts that are down alone; the plan has disabled it, so that nobody goes there when it is back. */
const deadSource = (host: HostId): Guard => ({ kind: 'service', host, status: 'disabled', state: 'down' });

const statusOf = (server: Server): string => server.status;

function groupGuard(server: Server, to: HostId, context: RuleContext): readonly Guard[] {
  const group = server.group === undefined ? undefined : context.cloud.groups.get(server.group);
  if (group?.policy !== 'anti-affinity') return [];
  return [{ kind: 'group-members', group: group.id, host: to, atMost: groupLimit(group, context) - 1 }];
}

import type { RuleContext } from '../constraints/context.ts';
import type { Rule, ServerSet } from '../constraints/rule.ts';
import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { createState, type State } from '../replay/state.ts';
import type { ConfirmStep, MigrationStep, PowerStep, ServiceStep, Step, Undo, WaitStep } from './plan.ts';
import { undoNeeds } from './undo-needs.ts';
import { rulesOfWayBack, type Trip, wayBack, wayBackWords } from './way-back.ts';

type Bare<Kind extends Step> = Omit<Kind, 'undo'>;
/** A step of which nobody has said yet how it is undone. */
export type BareStep =
  Bare<MigrationStep> | Bare<ConfirmStep> | Bare<ServiceStep> | Bare<PowerStep> | Bare<WaitStep>;

/**
 * How each step is undone, until when, and what that takes. The steps are replayed one after the other; after each
 * migration the rules are asked for the way back, and again whenever a later step could have closed it: one that
 * brings somebody to the old host, moves the same server on, or moves one that a rule looks
 * at with it wherever it is. So `until` holds for the order of the plan.
 */
export function undoOfSteps(
  steps: readonly BareStep[],
  context: RuleContext,
  rules: readonly Rule[],
): ReadonlyMap<string, Undo> {
  const replay: Replay = {
    state: createState(context),
    rules: rulesOfWayBack(rules),
    undos: new Map(),
    open: [],
    confirmOf: new Map(steps.flatMap((step) => (step.kind === 'confirm' ? [[step.of, step.id]] : []))),
    peersOf: peersOf(rules, context),
  };
  for (const step of steps) replay.undos.set(step.id, undoOf(step, replay));
  return replay.undos;
}

/** Steps with their way back. */
export function withUndo(
  steps: readonly BareStep[],
  context: RuleContext,
  rules: readonly Rule[],
): readonly Step[] {
  const undos = undoOfSteps(steps, context, rules);
  return steps.map((step): Step => ({ ...step, undo: undos.get(step.id) ?? unknownStep }));
}

const unknownStep: Undo = { kind: 'none', because: 'it cannot be requested' };

interface Replay {
  readonly state: State;
  readonly rules: readonly Rule[];
  readonly undos: Map<string, Undo>;
  /** Ways back that nothing has closed yet. */
  open: Open[];
  readonly confirmOf: ReadonlyMap<string, string>;
  /** The sets of servers that rules look at together, by server. */
  readonly peersOf: ReadonlyMap<ServerId, readonly ServerSet[]>;
}

function peersOf(rules: readonly Rule[], context: RuleContext): ReadonlyMap<ServerId, readonly ServerSet[]> {
  const sets = new Map<ServerId, ServerSet[]>();
  for (const set of rules.flatMap((rule) => rule.oneAtATime?.(context) ?? []))
    for (const server of set.servers) sets.set(server, [...(sets.get(server) ?? []), set]);
  return sets;
}

interface Open {
  readonly step: string;
  readonly trip: Trip;
}

function undoOf(step: BareStep, replay: Replay): Undo {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return undoOfMigration(step, replay);
    case 'confirm':
      if (hasRole(step.server, 'unconfirmed', replay.state))
        replay.state.apply({ kind: 'confirm', server: step.server });
      return {
        kind: 'none',
        because: 'a confirmed cold migration cannot be reverted, only followed by another one',
      };
    case 'disable-service':
    case 'enable-service':
      return undoOfService(step, replay.state);
    case 'stop':
    case 'start':
      replay.state.apply({
        kind: 'power',
        server: step.server,
        vmState: step.kind === 'stop' ? 'stopped' : 'active',
      });
      return anyTime(`${step.kind === 'stop' ? 'start' : 'stop'} ${step.serverName}`);
    case 'wait':
      return anyTime('nothing is to be undone');
  }
}

const anyTime = (how: string): Undo => ({ kind: 'possible', how, until: 'any time', needs: [] });

function undoOfService({ kind, host }: Bare<ServiceStep>, state: State): Undo {
  const disables = kind === 'disable-service';
  state.apply({ kind: 'service', host, status: disables ? 'disabled' : 'enabled' });
  return anyTime(`${disables ? 'enable' : 'disable'} nova-compute on ${host}`);
}

function undoOfMigration(step: Bare<MigrationStep>, replay: Replay): Undo {
  const { state } = replay;
  const server = state.context.cloud.servers.get(step.server);
  if (server === undefined || !canRun(step, state)) return unknownStep;
  const { from, to, kind: method, storage } = step;
  state.apply({ kind: 'request', arrival: { server, from, to, method, storage } });
  closeOthers(step, server, replay);
  state.apply({ kind: 'complete', server: server.id });
  if (method === 'evacuate') return { kind: 'none', because: 'an evacuated server has been rebuilt' };
  if (method === 'cold') return undoOfCold(step, replay);
  const trip: Trip = { server, from, to };
  const back = wayBack(trip, state, replay.rules);
  if (back.kind === 'closed') return { kind: 'none', because: `no way back to ${from}: ${back.because}` };
  replay.open.push({ step: step.id, trip });
  return {
    kind: 'possible',
    how: wayBackWords(back.arrival, state.context),
    until: `others take what it needs on ${from}`,
    needs: undoNeeds(back.arrival, state),
  };
}

const hasRole = (server: ServerId, role: string, state: State): boolean =>
  state.claimsOf(server).some((claim) => claim.role === role);

function canRun({ server, from, to }: Bare<MigrationStep>, state: State): boolean {
  const claims = state.claimsOf(server);
  return (
    claims.every(({ role }) => role === 'resident') &&
    claims.some(({ host }) => host === from) &&
    from !== to &&
    state.context.cloud.hosts.has(to)
  );
}

/** Until its confirm a cold migration holds its source, so that nothing can keep it from going back. */
function undoOfCold({ id, from }: Bare<MigrationStep>, { confirmOf }: Replay): Undo {
  const confirm = confirmOf.get(id);
  return {
    kind: 'possible',
    how: 'revert the cold migration',
    until: confirm === undefined ? 'it is confirmed' : `${confirm} confirms it`,
    ...(confirm !== undefined && { untilStep: confirm }),
    needs: ['status VERIFY_RESIZE', `nova-compute on ${from} up`],
  };
}

/** Asks anew for the ways back that a request could have closed; its claim is in the state. */
function closeOthers(step: Bare<MigrationStep>, moved: Server, replay: Replay): void {
  const { state, rules, undos, peersOf } = replay;
  const peers = new Set(peersOf.get(moved.id));
  const touches = ({ trip: { server, from } }: Open): boolean =>
    from === step.to ||
    server.id === moved.id ||
    (peers.size > 0 && (peersOf.get(server.id) ?? []).some((set) => peers.has(set)));
  replay.open = replay.open.filter((open) => {
    if (!touches(open)) return true;
    const words = closing(open.trip, step, moved, state, rules);
    if (words === undefined) return true;
    const undo = undos.get(open.step);
    if (undo?.kind === 'possible') undos.set(open.step, { ...undo, until: words, untilStep: step.id });
    return false;
  });
}

function closing(
  trip: Trip,
  { id, to }: Bare<MigrationStep>,
  moved: Server,
  state: State,
  rules: readonly Rule[],
): string | undefined {
  if (trip.server.id === moved.id) return `${id} moves it on to ${to}`;
  const back = wayBack(trip, state, rules);
  return back.kind === 'open' ? undefined : `${id} brings ${moved.name} to ${to} (${back.because})`;
}

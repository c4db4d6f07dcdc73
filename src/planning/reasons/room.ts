import type { Arrival } from '../../constraints/arrival.ts';
import { storageOf } from '../../constraints/context.ts';
import type { Rule } from '../../constraints/rule.ts';
import type { HostId } from '../../model/ids.ts';
import type { MigrationStep } from '../../plan/plan.ts';
import { isLegal } from '../../replay/legality.ts';
import type { State } from '../../replay/state.ts';

/** Who comes to the host that a step has left. */
export interface Follower {
  readonly step: MigrationStep;
  /** The rules would refuse it if the server that left were still there; else it only comes later. */
  readonly needed: boolean;
}

/** Collects, while a plan is replayed, which steps wait for the room that another leaves. */
export interface RoomNotes {
  /** Call at each request, before its claim is in the state. */
  ask(step: MigrationStep, arrival: Arrival, state: State): void;
  /** The first step that needs the room which this one leaves, else the first that comes there. */
  followerOf(step: string): Follower | undefined;
}

/** So often it is asked at most who needs the room that a step leaves. */
const mostAsked = 4;

interface Left {
  readonly step: MigrationStep;
  asked: number;
}

/** @param rules those that judge a request */
export function createRoomNotes(rules: readonly Rule[]): RoomNotes {
  const left = new Map<HostId, Left[]>();
  const followers = new Map<string, Follower>();
  return {
    ask(step, arrival, state) {
      const waiting = (left.get(step.to) ?? []).filter((one) => {
        if (one.step.server === step.server) return true;
        const needed = isInTheWay(one.step, arrival, state, rules);
        if (needed || !followers.has(one.step.id)) followers.set(one.step.id, { step, needed });
        one.asked += 1;
        return !needed && one.asked < mostAsked;
      });
      left.set(step.to, waiting);
      const own = left.get(step.from) ?? [];
      own.push({ step, asked: 0 });
      left.set(step.from, own);
    },
    followerOf: (step) => followers.get(step),
  };
}

/** Whether an arrival would be refused if the server of a step that ended were still where the step took it from. */
function isInTheWay(gone: MigrationStep, arrival: Arrival, state: State, rules: readonly Rule[]): boolean {
  const server = state.context.cloud.servers.get(gone.server);
  const [home, ...more] = state.claimsOf(gone.server);
  if (server === undefined || home?.role !== 'resident' || more.length > 0 || home.host === arrival.to)
    return false;
  const storage = storageOf(server, state.context);
  const back: Arrival = { server, from: home.host, to: arrival.to, method: 'cold', storage };
  const requested = state.apply({ kind: 'request', arrival: back });
  const completed = state.apply({ kind: 'complete', server: server.id });
  const refused = !isLegal(arrival, state, rules);
  completed();
  requested();
  return refused;
}

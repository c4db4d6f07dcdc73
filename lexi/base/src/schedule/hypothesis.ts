import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { State, Undo } from '../replay/state.ts';

/** A server that is thought to have moved already. */
export interface Relocation {
  readonly server: Server;
  readonly from: HostId;
  readonly to: HostId;
}

/** Claims room at the destination as a request does, and keeps what the server holds. Undo in the reverse order. */
export function reserve(state: State, { server, from, to }: Relocation): Undo {
  return state.apply({ kind: 'request', arrival: { server, from, to, method: 'live', storage: 'shared' } });
}

/** Puts a server on another host at once, whether rules allow it or not. Undo in the reverse order. */
export function relocate(state: State, relocation: Relocation): Undo {
  const requested = reserve(state, relocation);
  const completed = state.apply({ kind: 'complete', server: relocation.server.id });
  return () => {
    completed();
    requested();
  };
}

/** Asks a question of the state as it would be after some relocations. */
export function supposing<Answer>(
  state: State,
  relocations: readonly Relocation[],
  ask: () => Answer,
): Answer {
  const undos = relocations.map((relocation) => relocate(state, relocation));
  const answer = ask();
  for (const undo of undos.reverse()) undo();
  return answer;
}

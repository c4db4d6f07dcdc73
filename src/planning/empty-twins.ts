import { waysOf } from '../constraints/context.ts';
import { coverageOf, strangersOn } from '../constraints/empty-destination.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { isLegal } from '../replay/legality.ts';
import { createState, type State } from '../replay/state.ts';
import type { EmptyTwins } from './planning-request.ts';
import type { Run } from './run.ts';

const mostOccupied = 5;

/**
 * The twins that drained hosts could have, where the profile asks for empty destinations. A host suits when every rule
 * about a server and two hosts lets each of them go there; whether all fit at once is not asked.
 */
export function emptyTwins(run: Run): readonly EmptyTwins[] {
  const { context, request } = run;
  const { residents } = cloudIndex(context.cloud);
  const state = createState(context);
  return request.options.drain.flatMap((host) => {
    const covered = (residents.get(host) ?? []).filter((server) => goesLiveAndAlone(server, run));
    const [first] = covered;
    if (first === undefined) return [];
    const suiting = [...context.cloud.hosts.keys()].filter(
      (to) => to !== host && covered.every((server) => suits(server, host, to, state, run)),
    );
    const seen = suiting.map((to) => ({ host: to, by: strangersOn(to, first, state) }));
    return [
      {
        host,
        servers: covered.length,
        because: coverageOf(first, context)?.because ?? '',
        empty: seen.filter(({ by }) => by.length === 0).map(({ host: to }) => to),
        occupied: seen
          .filter(({ by }) => by.length > 0)
          .toSorted((a, b) => a.by.length - b.by.length)
          .slice(0, mostOccupied),
      },
    ];
  });
}

function goesLiveAndAlone(server: Server, { context }: Run): boolean {
  const ways = waysOf(server, context);
  return (
    ways.length > 0 &&
    ways.every(({ method }) => method === 'live') &&
    coverageOf(server, context)?.insistence === 'required'
  );
}

const suits = (server: Server, from: HostId, to: HostId, state: State, { context, rules }: Run): boolean => {
  const lasting = rules.filter(({ scope, holds }) => scope === 'pair' && holds === 'always');
  return waysOf(server, context).some((way) => isLegal({ server, from, to, ...way }, state, lasting));
};

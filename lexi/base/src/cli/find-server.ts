import type { Cloud } from '../model/cloud.ts';
import type { Server } from '../model/server.ts';
import { compareText } from '../shared/collections.ts';
import { showName } from '../shared/text.ts';
import { didYouMean, type FlagReader } from './flag-reader.ts';

/** Candidates of an ambiguous name that anybody reads. */
const mostListed = 20;

/** The server of an id, a name, or the beginning of an id; undefined when the reader has been told why there is none. */
export function findServer(flag: string, typed: string, cloud: Cloud, read: FlagReader): Server | undefined {
  const servers = [...cloud.servers.values()];
  const exact = servers.find(({ id }) => id === typed);
  if (exact !== undefined) return exact;
  const named = servers.filter(({ name }) => name === typed);
  const meant = named.length > 0 ? named : servers.filter(({ id }) => typed !== '' && id.startsWith(typed));
  if (meant.length === 1) return meant[0];
  if (meant.length > 1) {
    read.refuse(flag, typed, `${meant.length} servers may be meant`, `give the id: ${candidates(meant)}`);
    return undefined;
  }
  const near = didYouMean(
    typed,
    servers.flatMap(({ id, name }) => (name === '' ? [id] : [name, id])),
  );
  read.refuse(flag, typed, 'the inventory has no server of this name or id', near.hint);
  return undefined;
}

function candidates(servers: readonly Server[]): string {
  const sorted = servers.toSorted((a, b) => compareText(a.id, b.id));
  const shown = sorted
    .slice(0, mostListed)
    .map(
      ({ id, name, host }) =>
        `${showName(id)} (${showName(name)} on ${host === undefined ? 'no host' : showName(host)})`,
    );
  const rest = servers.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

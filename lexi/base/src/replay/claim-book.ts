import type { Claim, Role } from '../constraints/state-view.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { invariant } from '../shared/invariant.ts';

/** Who claims what, by host and by server; at most one claim of a server on a host. */
export interface ClaimBook {
  readonly put: (claim: Claim) => void;
  readonly drop: (claim: Claim) => void;
  readonly onHost: (host: HostId) => readonly Claim[];
  readonly ofServer: (server: ServerId) => readonly Claim[];
  /** The claim of that role; throws when there is none. */
  readonly withRole: (server: ServerId, role: Role) => Claim;
  readonly servers: () => Iterable<readonly [ServerId, readonly Claim[]]>;
}

export function createClaimBook(claims: Iterable<Claim>): ClaimBook {
  const byHost = new Map<HostId, Map<ServerId, Claim>>();
  const byServer = new Map<ServerId, readonly Claim[]>();
  const elsewhere = ({ server, host }: Claim): readonly Claim[] =>
    (byServer.get(server) ?? []).filter((claim) => claim.host !== host);
  const put = (claim: Claim): void => {
    const here = byHost.get(claim.host) ?? new Map<ServerId, Claim>();
    byHost.set(claim.host, here.set(claim.server, claim));
    byServer.set(claim.server, [...elsewhere(claim), claim]);
  };
  for (const claim of claims) put(claim);
  return {
    put,
    drop(claim) {
      byHost.get(claim.host)?.delete(claim.server);
      byServer.set(claim.server, elsewhere(claim));
    },
    onHost: (host) => [...(byHost.get(host)?.values() ?? [])],
    ofServer: (server) => byServer.get(server) ?? [],
    withRole(server, role) {
      const claim = byServer.get(server)?.find((candidate) => candidate.role === role);
      invariant(claim !== undefined, `server ${server} has no ${role} claim`);
      return claim;
    },
    servers: () => byServer,
  };
}

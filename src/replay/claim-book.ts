import type { Claim, Role } from '../constraints/state-view.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { invariant } from '../shared/invariant.ts';
import type { InitialClaims } from './initial.ts';

/** Who claims what, by host and by server; at most one claim of a server on a host. */
export interface ClaimBook {
  readonly put: (claim: Claim) => void;
  readonly drop: (claim: Claim) => void;
  readonly onHost: (host: HostId) => readonly Claim[];
  readonly ofServer: (server: ServerId) => readonly Claim[];
  /** Where its resident claim is; what never changed is not looked up for that. */
  readonly residentOn: (server: ServerId) => HostId | undefined;
  /** The claim of that role; throws when there is none. */
  readonly withRole: (server: ServerId, role: Role) => Claim;
  /** Servers whose claims may be others than at the start. */
  readonly changed: () => Iterable<ServerId>;
}

/** Starts with these claims, each looked up when it is first asked for. */
export function createClaimBook(initial: InitialClaims): ClaimBook {
  const byHost = new Map<HostId, Map<ServerId, Claim>>();
  const byServer = new Map<ServerId, readonly Claim[]>();
  const changed = new Set<ServerId>();
  const hostOf = (host: HostId): Map<ServerId, Claim> => {
    let here = byHost.get(host);
    if (here === undefined) {
      here = new Map();
      for (const claim of initial.onHost(host)) here.set(claim.server, claim);
      byHost.set(host, here);
    }
    return here;
  };
  /** Of both ends alike: of two claims of a server on one host, as records in flight may tell, the last counts. */
  const ofServer = (server: ServerId): readonly Claim[] => {
    let own = byServer.get(server);
    if (own === undefined) {
      const hosts = new Set(initial.ofServer(server).map(({ host }) => host));
      own = [...hosts].flatMap((host) => hostOf(host).get(server) ?? []);
      byServer.set(server, own);
    }
    return own;
  };
  const elsewhere = ({ server, host }: Claim): readonly Claim[] =>
    ofServer(server).filter((claim) => claim.host !== host);
  return {
    put(claim) {
      changed.add(claim.server);
      const others = elsewhere(claim);
      hostOf(claim.host).set(claim.server, claim);
      byServer.set(claim.server, [...others, claim]);
    },
    drop(claim) {
      changed.add(claim.server);
      const others = elsewhere(claim);
      hostOf(claim.host).delete(claim.server);
      byServer.set(claim.server, others);
    },
    onHost: (host) => [...hostOf(host).values()],
    ofServer,
    residentOn: (server) =>
      changed.has(server)
        ? ofServer(server).find(({ role }) => role === 'resident')?.host
        : initial.homeOf(server),
    withRole(server, role) {
      const claim = ofServer(server).find((candidate) => candidate.role === role);
      invariant(claim !== undefined, `server ${server} has no ${role} claim`);
      return claim;
    },
    changed: () => changed,
  };
}

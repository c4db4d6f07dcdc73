import type { Host } from '../model/host.ts';
import type { Server } from '../model/server.ts';
import { breachOf, type Verdict, type Violation } from './rule.ts';
import type { StateView } from './state-view.ts';

/** Audits a rule about one server and its host: each resident that a `no` meets where it is. */
export function auditResidents(
  rule: string,
  state: StateView,
  judge: (server: Server, host: Host) => Verdict,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const server of state.context.cloud.servers.values()) {
    const at = state.residentOn(server.id);
    const host = at === undefined ? undefined : state.context.cloud.hosts.get(at);
    if (host === undefined) continue;
    const verdict = judge(server, host);
    if (verdict.kind !== 'no') continue;
    violations.push({ ...breachOf(verdict), rule, host: host.id, servers: [server.id], key: server.id });
  }
  return violations;
}

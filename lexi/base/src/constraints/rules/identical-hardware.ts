import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import type { Arrival } from '../arrival.ts';
import type { RuleContext } from '../context.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import { hardwareDifference, isTied } from '../same-hardware.ts';

/**
 * A live migration of a server with a NUMA topology, or with the host's own CPU, goes to hardware that is the same:
 * CPU, NUMA cells with their CPUs and siblings, QEMU. Only where the profile asks for it.
 *
 * Source: the guides of Red Hat OpenStack Platform 13 ("identical hardware specification and configuration").
 */
export const identicalHardware: Rule = {
  id: 'identical-hardware',
  scope: 'pair',
  holds: 'always',

  judge({ server, from, to, method }, { context }) {
    const { hosts } = context.cloud;
    return judgeHardware(server, hosts.get(from), hosts.get(to), method, context);
  },

  audit: () => [],

  compile: (context) =>
    context.profile.switches.identicalHardware !== 'required'
      ? []
      : pairMask(
          'identical-hardware',
          context,
          (server) => (isTied(server, context) ? (server.host ?? '') : ''),
          (server, host, { method }) => {
            const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
            return judgeHardware(server, from, host, method, context);
          },
        ),

  describe: ({ where, names }) =>
    `host ${where} is not of the same hardware, which the profile asks for: ${(names ?? []).join(', ')}`,
};

function judgeHardware(
  server: Server,
  from: Host | undefined,
  to: Host | undefined,
  method: Arrival['method'],
  context: RuleContext,
): Verdict {
  if (method !== 'live' || context.profile.switches.identicalHardware !== 'required') return yes;
  if (from === undefined || to === undefined || !isTied(server, context)) return yes;
  const { names, missing } = hardwareDifference(from, to);
  if (names.length > 0)
    return { kind: 'no', measured: names.length, limit: 0, unit: 'differences', where: to.id, names };
  return missing.length === 0 ? yes : { ...unknownHardware, missing };
}

const unknownHardware = {
  kind: 'unknown',
  safe: 'no',
  assumption: 'the hardware of some hosts is not known: servers that are tied to theirs do not migrate live',
} as const;

import type { Disruption } from '../../../src/constraints/context.ts';
import type { Rule } from '../../../src/constraints/rule.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Profile, Switches } from '../../../src/model/profile.ts';
import type { Server } from '../../../src/model/server.ts';
import { aCloud, aContext, aHost, aServer, zedProfile } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

/** Zed with other switches. */
export const released = (switches: Partial<Switches>): Profile => ({
  ...zedProfile,
  switches: { ...zedProfile.switches, ...switches },
});

export interface Asked {
  readonly switches?: Partial<Switches>;
  readonly allow?: readonly Disruption[];
  readonly from?: Partial<Host>;
  readonly to?: Partial<Host>;
}

/** One server `s1` on h1, with h2 to go to. */
export const oneServer = (
  over: Parameters<typeof aServer>[2],
  { switches = {}, allow = [], from = {}, to = {} }: Asked = {},
) =>
  aContext(aCloud({ hosts: [aHost('h1', from), aHost('h2', to)], servers: [aServer('s1', 'h1', over)] }), {
    allow,
    profile: released(switches),
  });

/** What a rule says of such a server's way from h1 to h2, by method. */
export function byMethod(
  rule: Rule,
  over: Parameters<typeof aServer>[2] & Partial<Server>,
  asked: Asked = {},
) {
  const context = oneServer(over, asked);
  const ask = (method: 'live' | 'cold' | 'evacuate') => say(rule, context, 's1', 'h2', { method });
  return { live: ask('live'), cold: ask('cold'), evacuate: ask('evacuate') };
}

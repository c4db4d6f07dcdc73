import { hardwareDifference, isTied } from '../same-hardware.ts';
import type { WarningRule } from '../warning-rule.ts';

/** Vendor documents ask for identical hardware although the release does without. */
export const otherHardware: WarningRule = {
  id: 'other-hardware',
  summary: "the vendor's guide asks for identical hardware",
  onArrival: ({ server, from, to, method }, { context }) => {
    if (method !== 'live' || context.profile.switches.identicalHardware !== 'warned') return [];
    const source = context.cloud.hosts.get(from);
    const target = context.cloud.hosts.get(to);
    if (source === undefined || target === undefined || !isTied(server, context)) return [];
    const { names } = hardwareDifference(source, target);
    if (names.length === 0) return [];
    const text = `the vendor's guide asks for identical hardware for ${server.name}; ${to} has ${names.join(', ')}`;
    return [{ text, servers: [server.id], host: to }];
  },
};

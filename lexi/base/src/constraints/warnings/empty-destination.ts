import { coverageOf, strangersOn } from '../empty-destination.ts';
import type { WarningRule } from '../warning-rule.ts';

/** Vendor documents ask for an empty destination although the release does without: advice, where the rule `twin` refuses. */
export const emptyDestination: WarningRule = {
  id: 'empty-destination',
  summary: "the vendor's guide asks for empty destinations",
  onArrival: ({ server, to, method }, state) => {
    if (method !== 'live') return [];
    const coverage = coverageOf(server, state.context);
    if (coverage?.insistence !== 'warned') return [];
    const strangers = strangersOn(to, server, state).length;
    if (strangers === 0) return [];
    const text = `the vendor's guide asks for an empty destination for ${server.name} since ${coverage.because}; ${to} runs ${strangers} other ${strangers === 1 ? 'server' : 'servers'}`;
    return [{ text, servers: [server.id], host: to }];
  },
};

import { choicesOf, hostsOf, serversOf } from '../model/named.ts';
import type { Selection } from '../constraints/rules/selection.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { PlanningOptions } from './planning-request.ts';

/**
 * Who takes part in a run. An excluded host neither gives nor receives; excluded servers stay; with `--only`, all
 * others stay. Hosts to be drained receive nothing.
 */
export function select(
  cloud: Cloud,
  options: Pick<PlanningOptions, 'exclude' | 'only' | 'drain' | 'evacuate'>,
): Selection {
  const choices = choicesOf(cloud);
  const staying = new Map<ServerId, string>();
  const closed = new Map<HostId, string>();
  for (const selector of options.exclude) {
    const words = `excluded by ${selector.kind}:${selector.value}`;
    for (const host of hostsOf(selector, choices)) closed.set(host, words);
    for (const server of serversOf(selector, choices)) if (!staying.has(server)) staying.set(server, words);
  }
  if (options.only.length > 0) {
    const moving = new Set(options.only.flatMap((selector) => serversOf(selector, choices)));
    for (const server of cloud.servers.keys())
      if (!moving.has(server) && !staying.has(server)) staying.set(server, 'not among what --only names');
  }
  const evacuated = new Set(options.evacuate);
  for (const host of options.drain)
    closed.set(host, evacuated.has(host) ? 'is being evacuated' : 'is being drained');
  return { staying, closed };
}

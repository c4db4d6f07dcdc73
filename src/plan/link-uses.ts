import type { Cloud } from '../model/cloud.ts';
import { linksBetween, type RouteLink } from '../replay/network.ts';
import { transferOf } from '../replay/transfer/transfer.ts';
import type { Use } from './peak-use.ts';
import type { Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/** A link in one direction, with every migration that crosses it. */
export interface LinkUse {
  readonly link: RouteLink;
  /** In Mbit/s. */
  readonly uses: readonly Use[];
}

/** The links that migrations of a plan cross, by their keys, ascending. Servers that the cloud does not have cross none. */
export function linkUses(steps: readonly Step[], cloud: Cloud): readonly LinkUse[] {
  const byKey = new Map<string, { readonly link: RouteLink; readonly uses: Use[] }>();
  for (const step of steps) {
    const server = isMigration(step) ? cloud.servers.get(step.server) : undefined;
    if (!isMigration(step) || server === undefined) continue;
    const { id, from, to, kind: method, storage, startSeconds, endSeconds } = step;
    const { mbps: amount } = transferOf({ server, from, to, method, storage }, cloud);
    if (amount === 0) continue;
    for (const link of linksBetween(from, to, cloud)) {
      const known = byKey.get(link.key) ?? { link, uses: [] };
      known.uses.push({ step: id, startSeconds, endSeconds, amount });
      byKey.set(link.key, known);
    }
  }
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

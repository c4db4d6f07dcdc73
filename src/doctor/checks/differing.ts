import { groupBy } from '../../shared/collections.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { firstOf } from '../../shared/text.ts';
import { type Finding, problem, unknown, warning } from '../check.ts';

interface Words {
  readonly unknown: string;
  readonly next: string;
  readonly state: 'problem' | 'warning';
  readonly show?: (version: number) => string;
}

/** Says which hosts are of which version where they differ. */
export function differing(
  hosts: Cloud['hosts'],
  what: string,
  versionOf: (host: Host) => number | undefined,
  { next, show = String, state, unknown: toKnow }: Words,
): readonly Finding[] {
  const byVersion = groupBy(hosts.values(), versionOf);
  const untold = byVersion.get(undefined) ?? [];
  byVersion.delete(undefined);
  const missing =
    untold.length === 0
      ? []
      : [
          unknown(
            untold.map(({ id }) => id),
            `the version of ${what} is not told`,
            toKnow,
          ),
        ];
  if (byVersion.size < 2) return missing;
  const list = [...byVersion]
    .toSorted(([a = 0], [b = 0]) => a - b)
    .map(([version = 0, of]) => `${show(version)} on ${firstOf(of.map(({ id }) => id))}`)
    .join('; ');
  const tell = state === 'problem' ? problem : warning;
  return [tell(['hosts'], `${what} differs: ${list}`, next), ...missing];
}

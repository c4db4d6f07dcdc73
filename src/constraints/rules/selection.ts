import type { HostId, ServerId } from '../../model/ids.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/** What the operator took out of a run: servers that stay, each with the reason, and hosts that receive nothing. */
export interface Selection {
  readonly staying: ReadonlyMap<ServerId, string>;
  readonly closed: ReadonlyMap<HostId, string>;
}

/** The operator's `--exclude` and `--only`, and hosts that a run may not fill: a rule like any other. */
export function selectionRule({ staying, closed }: Selection): Rule {
  const refuse = (where: string, name: string): Verdict => ({
    kind: 'no',
    measured: 1,
    limit: 0,
    unit: 'exclusions',
    where,
    names: [name],
  });
  return {
    id: 'selection',
    scope: 'pair',
    holds: 'always',
    ofRun: true,
    judge({ server, to }) {
      const kept = staying.get(server.id);
      if (kept !== undefined) return refuse(server.name, kept);
      const shut = closed.get(to);
      return shut === undefined ? yes : refuse(to, shut);
    },
    audit: () => [],
    compile: (context) => [
      ...(staying.size === 0
        ? []
        : [{ kind: 'fixed' as const, rule: 'selection', servers: [...staying.keys()] }]),
      ...(closed.size === 0
        ? []
        : pairMask(
            'selection',
            context,
            () => '',
            (_, host) => (closed.has(host.id) ? refuse(host.id, '') : yes),
          )),
    ],
    describe: ({ where, names }) => `${where}: ${(names ?? []).join(', ')}`,
  };
}

import type { RuleContext } from '../constraints/context.ts';
import type { ServerId } from '../model/ids.ts';
import type { Assumption } from '../plan/plan.ts';
import type { Assumed } from '../replay/legality.ts';

/** What the plan rests on: assumptions that let servers move, and unknown wishes that keep servers where they are. */
export function assumptionsOf(
  assumed: readonly { readonly server: ServerId; readonly by: Assumed }[],
  { demands, cloud }: RuleContext,
): readonly Assumption[] {
  const byText = new Map<
    string,
    { rule: string; text: string; missing: readonly string[]; servers: Set<ServerId> }
  >();
  const note = (rule: string, text: string, missing: readonly string[], server: ServerId): void => {
    const key = `${rule}\n${text}`;
    const known = byText.get(key);
    if (known === undefined) byText.set(key, { rule, text, missing, servers: new Set([server]) });
    else known.servers.add(server);
  };
  for (const { server, by } of assumed) note(by.rule, by.assumption, by.missing, server);
  for (const [server, { guest, pci }] of demands) {
    if (cloud.servers.get(server)?.host === undefined) continue;
    if (guest.kind === 'unknown')
      note(
        'numa-fit',
        'whether these servers have a NUMA topology is not known: they stay',
        guest.missing,
        server,
      );
    if (pci.kind === 'unknown')
      note('pci-devices', 'the PCI requests of these servers are not known: they stay', pci.missing, server);
  }
  return [...byText.values()]
    .map(({ rule, text, missing, servers }) => ({ rule, text, missing, servers: [...servers].toSorted() }))
    .toSorted((a, b) => (a.rule + a.text < b.rule + b.text ? -1 : 1));
}

import { describe, expect, it } from 'vitest';
import { readNovaConf } from '../../src/inventory/host-facts/nova-conf.ts';
import { hostPrecedence, listPrecedence, serverPrecedence } from '../../src/inventory/precedence.ts';
import { factSources } from '../../src/model/fact-sources.ts';

/** Members of the document that stand under another name among the facts of readers. */
const names: Readonly<Record<string, string>> = { layout: 'cells', locked: 'lock', numaUsage: 'cells' };
const conf = readNovaConf('[workarounds]\n[libvirt]\nimages_type = rbd\n', 'nova.conf', false).facts;

/** How many sources tell what a path of the document names; without any, nobody can follow the advice to record one. */
function sourcesOf(path: string): number {
  const [, list = '', member = ''] = /^(hosts|servers)\[\]\.(\w+)/.exec(path) ?? [];
  const name = names[member] ?? member;
  const rules = new Map<string, { readonly from: readonly string[]; readonly else?: readonly string[] }>(
    Object.entries(list === 'hosts' ? hostPrecedence : serverPrecedence),
  );
  const rule = rules.get(name);
  if (rule !== undefined) return rule.from.length + (rule.else?.length ?? 0);
  return new Map<string, readonly string[]>(Object.entries(listPrecedence)).get(name)?.length ?? 0;
}

describe('advice on where a fact is told', () => {
  const inDocument = Object.keys(factSources).filter((path) => /^(hosts|servers)\[\]/.test(path));

  it.each(inDocument)('names a source of %s that is read, or says that none is', (path) => {
    if (sourcesOf(path) === 0) expect(factSources[path]).toMatch(/^no source: write .* into the inventory$/);
    else expect(factSources[path]).not.toMatch(/^no source/);
  });

  it('names settings of nova.conf that are read', () => {
    const settings = Object.keys(factSources).flatMap((path) => /^novaConfig\.(\w+)/.exec(path)?.[1] ?? []);

    expect(settings.length).toBeGreaterThan(1);
    expect(Object.keys(conf.novaConfig ?? {})).toEqual(expect.arrayContaining(settings));
  });
});

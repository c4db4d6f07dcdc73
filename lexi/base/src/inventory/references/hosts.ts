import { jsonPath } from '../../shared/json-path.ts';
import { showName } from '../../shared/text.ts';
import type { HostRecord } from '../document/host.ts';
import type { ProviderRecord } from '../document/placement.ts';
import type { HostLayoutEntry } from '../document/tables.ts';
import { addressAt, placeOf } from '../pci-address.ts';
import { type Checker, checkUnique } from './checker.ts';

type Path = readonly PropertyKey[];

export function checkHosts(checker: Checker): void {
  const { hosts, storagePools = [] } = checker.inventory;
  checkUnique(checker, 'hosts', hosts);
  checkLayouts(checker);
  const pools = new Set(storagePools.map(({ id }) => id));
  const providers = new Map<string, Path>();
  for (const [at, host] of hosts.entries()) {
    const path = ['hosts', at];
    checker.inTable('hostCpus', host.cpu, [...path, 'cpu']);
    checker.inTable('machineTypeSets', host.machineTypes, [...path, 'machineTypes']);
    checker.inTable('hostLayouts', host.layout, [...path, 'layout']);
    checkCells(checker, host, path);
    checkProviders(checker, host.providers ?? [], [...path, 'providers'], providers, 'tree');
    checkAddresses(checker, host, path);
    if (host.storagePool !== undefined && !pools.has(host.storagePool)) {
      checker.problem({
        code: 'inventory.unknown-reference',
        summary: `host ${showName(host.id)} names a storage pool that is not listed`,
        path: [...path, 'storagePool'],
        value: host.storagePool,
      });
    }
  }
  checkProviders(checker, checker.inventory.otherProviders ?? [], ['otherProviders'], providers, 'forest');
}

function checkLayouts({ inventory, problem }: Checker): void {
  for (const [id, { cells }] of Object.entries(inventory.tables.hostLayouts)) {
    const path = ['tables', 'hostLayouts', id, 'cells'];
    const ids = new Set(cells.map((cell) => cell.id));
    if (ids.size < cells.length) {
      problem({ code: 'inventory.duplicate-id', summary: 'two cells of one layout have one id', path });
    }
    const odd = cells.findIndex(
      ({ distances }) => distances !== undefined && distances.length !== cells.length,
    );
    if (odd !== -1) {
      problem({
        code: 'inventory.inconsistent',
        summary: 'there must be one distance for each cell of the host',
        path: [...path, odd, 'distances'],
        value: cells[odd]?.distances?.length ?? 0,
        limit: cells.length,
      });
    }
  }
}

function checkCells(checker: Checker, host: HostRecord, path: Path): void {
  const { cells, layout } = host;
  if ((cells === undefined) !== (layout === undefined)) {
    const what = cells === undefined ? 'a layout without the use of its cells' : 'cells without a layout';
    checker.problem({
      code: 'inventory.inconsistent',
      summary: `host ${showName(host.id)} has ${what}`,
      path,
    });
  }
  const hardware = checker.inventory.tables.hostLayouts[layout ?? '']?.cells;
  if (cells === undefined || hardware === undefined) return;
  if (cells.length === hardware.length) checkPages(checker, host, hardware, path);
  else {
    checker.problem({
      code: 'inventory.inconsistent',
      summary: `host ${showName(host.id)} tells the use of ${cells.length} cells, its layout has ${hardware.length}`,
      path: [...path, 'cells'],
      value: cells.length,
      limit: hardware.length,
    });
  }
}

function checkPages(
  { problem }: Checker,
  { cells = [], id }: HostRecord,
  hardware: HostLayoutEntry['cells'],
  path: Path,
): void {
  for (const [at, { usedPages }] of cells.entries()) {
    const sizes = hardware[at]?.pages.length ?? 0;
    if (usedPages.length === sizes) continue;
    problem({
      code: 'inventory.inconsistent',
      summary: `host ${showName(id)} tells used pages of ${usedPages.length} sizes, its layout has ${sizes}`,
      path: [...path, 'cells', at, 'usedPages'],
      value: usedPages.length,
      limit: sizes,
    });
  }
}

/** A host has one tree with its root first; providers of no host may be several. */
function checkProviders(
  checker: Checker,
  providers: readonly ProviderRecord[],
  path: Path,
  seen: Map<string, Path>,
  kind: 'tree' | 'forest',
): void {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  for (const [at, provider] of providers.entries()) {
    const here = [...path, at];
    checker.inTable('inventorySets', provider.inventories, [...here, 'inventories']);
    checker.inTable('traitSets', provider.traits, [...here, 'traits']);
    checkParent(checker, provider, byId, here);
    const first = seen.get(provider.id);
    if (first === undefined) seen.set(provider.id, here);
    else {
      checker.problem({
        code: 'inventory.duplicate-id',
        summary: `resource provider ${showName(provider.id)} already stands at ${jsonPath(first)}`,
        path: [...here, 'id'],
        value: provider.id,
      });
    }
    if (kind === 'tree' && (at === 0) !== (provider.parent === undefined)) {
      checker.problem({
        code: 'inventory.inconsistent',
        summary: at === 0 ? 'the first provider of a host is its root' : 'a host has one root provider',
        path: here,
        value: provider.id,
      });
    }
  }
}

function checkParent(
  { problem }: Checker,
  provider: ProviderRecord,
  byId: ReadonlyMap<string, ProviderRecord>,
  path: Path,
): void {
  if (provider.parent === undefined) return;
  if (!byId.has(provider.parent)) {
    problem({
      code: 'inventory.unknown-reference',
      summary: `resource provider ${showName(provider.id)} has a parent that is not in its tree`,
      path: [...path, 'parent'],
      value: provider.parent,
    });
    return;
  }
  const seen = new Set<string>();
  let at: ProviderRecord | undefined = provider;
  while (at?.parent !== undefined && !seen.has(at.id)) {
    seen.add(at.id);
    at = byId.get(at.parent);
  }
  if (at?.id !== provider.id || seen.size === 0) return;
  problem({
    code: 'inventory.provider-cycle',
    summary: `resource provider ${showName(provider.id)} is its own ancestor, ${seen.size} steps up`,
    path: [...path, 'parent'],
    value: provider.parent,
  });
}

const lastIndex = 256 * 256 - 1; // bus ff, slot 1f, function 7

function checkAddresses({ problem }: Checker, host: HostRecord, path: Path): void {
  const seen = new Set<string>();
  for (const [at, { address, count = 1 }] of (host.pciDevices ?? []).entries()) {
    const here = [...path, 'pciDevices', at];
    if (placeOf(address).index + count - 1 > lastIndex) {
      problem({
        code: 'inventory.out-of-range',
        summary: 'the range of devices goes past the last address of the domain',
        path: [...here, 'count'],
        value: count,
      });
      continue;
    }
    for (let step = 0; step < count; step += 1) {
      const each = addressAt(address, step);
      if (seen.has(each)) {
        problem({
          code: 'inventory.duplicate-id',
          summary: `PCI device ${each} of host ${showName(host.id)} stands twice`,
          path: here,
          value: each,
        });
        break;
      }
      seen.add(each);
    }
  }
}

import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { type Check, type Finding, ok, unknown, warning } from '../check.ts';

const smallPagesKiB = 64;

/** Hosts have huge pages where flavors ask for them, as many on each NUMA cell. */
export const hugePages: Check = {
  id: 'huge-pages',
  looksAt: 'cloud',
  needed: 'where flavors ask for huge pages hosts have some, as many on each NUMA cell',
  why: 'huge pages are set aside when a host boots; one that forgot them takes no such server, and looks free otherwise (Nova admin guide, huge pages)',
  fine: 'huge pages are even on every host that has some',
  examine(cloud) {
    const asked = askedFor(cloud);
    if (asked === 0) return [ok(['flavors'], 'no flavor asks for huge pages')];
    const hosts = [...cloud.hosts.values()];
    const some = hosts.some((host) => pagesOf(host).some((count) => count > 0));
    return hosts.flatMap((host) => ofHost(host, some));
  },
};

const wantsHuge = (value: string | undefined): boolean =>
  value !== undefined && !/^(?:small|any)$/i.test(value.trim());

const askedFor = ({ flavors, servers }: Cloud): number =>
  [...flavors.values(), ...[...servers.values()].map(({ flavor }) => flavor)].filter(({ extraSpecs }) =>
    wantsHuge(extraSpecs['hw:mem_page_size']),
  ).length;

/** Huge pages in KiB on each cell. */
const pagesOf = ({ cells = [] }: Host): readonly number[] =>
  cells.map(({ pages }) =>
    pages.reduce((sum, { sizeKiB, total }) => sum + (sizeKiB > smallPagesKiB ? sizeKiB * total : 0), 0),
  );

function ofHost(host: Host, some: boolean): readonly Finding[] {
  if (host.cells === undefined)
    return [
      unknown(
        [host.id],
        'its NUMA cells are not told',
        'run planner facts there, and give the folder as --host-facts',
      ),
    ];
  const pages = pagesOf(host);
  if (new Set(pages).size > 1) {
    const list = pages
      .map((kib, cell) => `cell ${host.cells?.[cell]?.id ?? cell}: ${Math.round(kib / 1024)} MiB`)
      .join(', ');
    return [
      warning(
        [host.id],
        `huge pages are uneven: ${list}`,
        'set hugepages of each NUMA node, and boot the host',
      ),
    ];
  }
  if (some || pages.some((kib) => kib > 0)) return [];
  return [
    warning(
      [host.id],
      'has no huge pages, like all others, while flavors ask for them',
      'set hugepagesz and hugepages on its kernel command line, and boot it',
    ),
  ];
}

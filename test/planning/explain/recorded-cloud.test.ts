import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import type { Disruption } from '../../../src/constraints/context.ts';
import { createContext } from '../../../src/constraints/create-context.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { warningRules } from '../../../src/replay/warnings/registry.ts';
import { hostId } from '../../../src/model/ids.ts';
import { explainServer } from '../../../src/planning/explain/explain.ts';
import type { Explanation } from '../../../src/planning/explain/explanation.ts';
import { createState } from '../../../src/replay/state.ts';
import { zedProfile } from '../../support/builders.ts';
import { cloudOf, serverNamed, zed } from '../../inventory/support/bundles.ts';

const cloud = cloudOf(zed);
const { cpuTable } = await loadCatalog();

function explain(name: string, allow: readonly Disruption[] = [], to?: string): Explanation {
  const context = createContext(cloud, zedProfile, cpuTable, { allow, unknown: 'assume' });
  return explainServer(
    {
      server: serverNamed(cloud, name),
      rules,
      warnings: warningRules,
      ...(to !== undefined && { to: hostId(to) }),
    },
    createState(context),
  );
}

const takers = ({ hosts }: Explanation): string[] =>
  hosts
    .filter(({ verdict }) => verdict === 'yes')
    .map(({ host }) => host)
    .sort();

/** `rule measured/limit` of every refusal of a host. */
const refusals = ({ hosts }: Explanation, name: string): string[] =>
  hosts
    .filter(({ host }) => host === hostId(name))
    .flatMap((answer) => answer.refusals.map(({ rule, measured, limit }) => `${rule} ${measured}/${limit}`));

const everywhere = ({ ways }: Explanation): string[] =>
  ways.flatMap((way) => way.everywhere.map(({ rule, text }) => `${way.method} ${rule}: ${text}`));

describe('the recorded cloud, against EXPECTED.md', () => {
  it('a pinned server: free CPUs of cells, PCPU of Placement, CPU models and QEMU versions', () => {
    const sgw = explain('sgw-1'); // 4 pinned CPUs on kvm-a04: Cascadelake without TSX, QEMU 7.2

    expect(takers(sgw)).toEqual(['kvm-b02', 'kvm-b04']);
    const b04 = sgw.hosts.find(({ host }) => host === hostId('kvm-b04'));
    expect(b04?.cells).toEqual([{ hostCellId: 2, pinnedCpuCount: 4 }]); // cells 0 and 1 have none free, 2 and 3 have 4
    expect(refusals(sgw, 'kvm-b01')).toEqual(['capacity 42/40', 'numa-fit 4/2']); // 38 PCPU of 40 are used
    expect(refusals(sgw, 'kvm-a01')).toEqual(['hypervisor-version 6002000/7002000', 'cpu-features 3/0']);
    expect(refusals(sgw, 'kvm-b03')).toContain('capacity 25/22'); // 21 of 22 are used
    expect(sgw.groups.find(({ hosts }) => hosts.includes(hostId('kvm-a01')))).toMatchObject({
      hosts: ['kvm-a01', 'kvm-a02', 'kvm-a03'],
      reasons: [
        { rule: 'hypervisor-version' },
        {
          rule: 'cpu-features',
          wordings: [{ text: 'CPU features missing: avx512vnni clflushopt ssbd', hosts: 3 }],
        },
      ],
    });
    expect(sgw.allowing).toEqual([{ allow: 'cold', hosts: ['kvm-a01', 'kvm-a02', 'kvm-a03'] }]);
  });

  it('a server on huge pages: 8 pages of 1G on one cell, where hosts have none', () => {
    const upf = explain('upf-1'); // 4 pinned CPUs and 8 GiB on 1G pages in az-south

    expect(takers(upf)).toEqual(['kvm-b02', 'kvm-b04']);
    expect(upf.hosts[0]?.cells[0]).toMatchObject({ pinnedCpuCount: 4, pageSizeKiB: 1048576 });
    expect(refusals(upf, 'kvm-a05')).toEqual(['requested-az 1/0', 'numa-fit 8/0']);
    expect(refusals(upf, 'kvm-b05')).toEqual(['host-state 1/0', 'capacity 131072/124642', 'numa-fit 8/0']);
  });

  it('a GPU server: nothing takes it live, the other host with a GPU takes it cold', () => {
    const train = explain('ml-train-1');

    expect(everywhere(train)).toEqual([
      'live pci-live: Nova refuses to migrate flavor PCI devices live: allow cold',
    ]);
    expect(takers(train)).toEqual([]);
    expect(train.allowing).toEqual([{ allow: 'cold', hosts: ['kvm-a02'] }]);
    expect(train.groups[0]).toMatchObject({ hosts: ['kvm-a02'], verdict: 'no', reasons: [] });
    expect(takers(explain('ml-train-1', ['cold']))).toEqual(['kvm-a02']);
    expect(refusals(train, 'kvm-a06')).toEqual(['pci-live 1/0', 'pci-devices 1/0']);
  });

  it('a member of a split affinity group: only the host of the other member, which is down', () => {
    const app = explain('fin-app-2');

    expect(takers(app)).toEqual([]);
    expect(refusals(app, 'kvm-b06')).toEqual(['host-state 1/0']);
    const rulesOf = app.hosts
      .filter(({ host }) => host !== hostId('kvm-b06'))
      .map(({ refusals: all }) => all.map(({ rule }) => rule));
    expect(rulesOf.every((ids) => ids.includes('affinity'))).toBe(true);
    expect(app.groups[0]?.hosts).toEqual(['kvm-a05', 'kvm-b01', 'kvm-b02', 'kvm-b04']);
  });

  it('a server that asked for another zone than it runs in', () => {
    const web = explain('web-02'); // asked for az-north, runs in az-south with 8 vCPUs

    expect(takers(web)).toEqual(['kvm-a05']);
    expect(refusals(web, 'kvm-b04')).toEqual(['requested-az 1/0']);
    expect(refusals(web, 'kvm-b03')).toContain('capacity 8/0'); // no VCPU inventory
    expect(web.hosts.slice(0, 3).map(({ host }) => host)).toEqual(['kvm-a05', 'kvm-a04', 'kvm-b04']);
  });

  it('a locked server and a busy one: said once, then what the hosts would say otherwise', () => {
    const locked = explain('sig-1');

    expect(everywhere(locked)).toEqual(['live server-state: server sig-1: locked: vendor support case 4711']);
    expect(takers(locked)).toEqual([]);
    expect(
      locked.groups
        .filter(({ reasons }) => reasons.length === 0)
        .flatMap(({ hosts }) => hosts)
        .toSorted(),
    ).toEqual(['kvm-a01', 'kvm-a03', 'kvm-a06', 'kvm-b02', 'kvm-b04']);
    expect(locked.allowing).toEqual([]);
    expect(everywhere(explain('upf-3'))).toEqual(['live server-state: server upf-3: busy: task migrating']);
  });

  it('a server on a host that is down: an evacuate and nothing else', () => {
    const erp = explain('fin-erp-1');

    expect(erp.server.hostIsDown).toBe(true);
    expect(erp.ways.map(({ method }) => method)).toEqual(['evacuate']);
    expect(takers(erp)).toHaveLength(9);
    expect(refusals(erp, 'kvm-b05')).toContain('host-state 1/0'); // disabled
    expect(refusals(erp, 'kvm-b03')).toEqual(['capacity 4/0']); // no VCPU inventory
    expect(explain('fin-batch-1').warnings.map(({ id }) => id)).toContain('evacuate-data-loss');
  });

  it('a server without a host has nothing to ask', () => {
    expect(explain('web-06')).toMatchObject({ ways: [], hosts: [], groups: [], allowing: [] });
  });

  it('one host is asked about every way, each with all of its reasons', () => {
    const answers = explain('vnf-fw-1', [], 'kvm-a04').hosts.map(
      ({ method, forced, refusals: all }) =>
        `${forced === true ? 'forced ' : ''}${method}: ${all.map(({ rule }) => rule).join(', ')}`,
    );

    expect(answers).toEqual([
      'live: pci-live, cpu-features',
      'cold: server-state',
      'forced live: pci-live, cpu-features, forced',
    ]);
    expect(explain('vnf-fw-1', [], 'kvm-a04').allowing).toEqual([{ allow: 'cold', hosts: ['kvm-a04'] }]);
  });
});

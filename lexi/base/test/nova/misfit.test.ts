import { expect, it } from 'vitest';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import type { PciRequestFacts } from '../../src/nova/guest.ts';
import { hostState } from '../../src/nova/host-state.ts';
import { explainMisfit } from '../../src/nova/misfit.ts';
import { aGuest, aHost, aPool, ids, zed } from './builders.ts';

const explain = (
  host: Parameters<typeof aHost>,
  guest: Parameters<typeof aGuest>,
  requests: readonly PciRequestFacts[] = [],
  networks?: { physnets: readonly string[]; tunneled: boolean },
) => explainMisfit(hostState(aHost(...host)), guestDemand(aGuest(...guest), requests, networks), zed);

it('says nothing about a guest that fits', () => {
  expect(explain([[{}]], [[{}]])).toBeUndefined();
});

it('counts cells', () => {
  expect(explain([[{}]], [[{}, {}]])).toMatchObject({
    kind: 'too-few-cells',
    measured: 2,
    limit: 1,
    unit: 'cells',
  });
});

it('names the page size, and what is wanted and free of it on the cell that comes nearest', () => {
  const pages = [{ sizeKiB: 1048576, total: 4, used: 1, reserved: 1 }];

  expect(explain([[{ id: 7, pages }]], [[{ memoryMiB: 4096, pageSize: 1048576 }]])).toEqual({
    kind: 'page-size',
    of: 'free',
    pageSize: 1048576,
    pageSizeKiB: 1048576,
    unevenMemory: false,
    measured: 4,
    limit: 2,
    unit: 'pages',
    where: { guestCell: 0, hostCellId: 7 },
  });
});

it('counts all pages where the release does, and free ones where the release or the guest asks for them', () => {
  const host = [[{ pages: [{ sizeKiB: 4, total: 512, used: 500, reserved: 0 }] }]] as const;
  const state = hostState(aHost(host[0]));
  const demand = guestDemand(aGuest([{ memoryMiB: 4 }]), []);

  expect(explainMisfit(state, demand, zed)).toMatchObject({ of: 'total', measured: 1024, limit: 512 });
  expect(explainMisfit(state, demand, { ...zed, pinnedChecksFreeSmallPages: true })).toMatchObject({
    of: 'free',
    limit: 12,
  });
  expect(explain([host[0]], [[{ memoryMiB: 4, pageSize: 'small' }]])).toMatchObject({
    of: 'free',
    limit: 12,
  });
});

it('says when the memory is no multiple of the page size', () => {
  const pages = [{ sizeKiB: 2048, total: 100, used: 0, reserved: 0 }];

  expect(explain([[{ pages }]], [[{ memoryMiB: 3 }]])).toMatchObject({
    unevenMemory: true,
    measured: 2,
    limit: 100,
  });
});

it('says when the host has no pages of that size', () => {
  expect(explain([[{}]], [[{ memoryMiB: 2048, pageSize: 1048576 }]])).toMatchObject({
    kind: 'page-size',
    pageSizeKiB: undefined,
    measured: 2,
    limit: 0,
  });
});

it('counts pinned CPUs with the emulator CPU', () => {
  expect(explain([[{ pinnedCpus: [2] }]], [[{ dedicatedVcpus: ids(3) }], 'isolate'])).toMatchObject({
    kind: 'pcpus',
    of: 'free',
    measured: 4,
    limit: 3,
    unit: 'cpus',
  });
});

it('tells of two cells that fail in the same check the one that lacks less', () => {
  const cells = [
    { id: 0, pinnedCpus: [2, 4] },
    { id: 1, pinnedCpus: [2] },
    { id: 2, pinnedCpus: [2, 4] },
  ];

  expect(explain([cells], [[{ dedicatedVcpus: ids(4) }]])).toMatchObject({
    limit: 3,
    where: { guestCell: 0, hostCellId: 1 },
  });
});

it('tells scattered threads from too few', () => {
  expect(
    explain([[{ pinnedCpus: [2, 4] }]], [[{ dedicatedVcpus: [0, 1], threadPolicy: 'require' }]]),
  ).toMatchObject({
    kind: 'threads',
    measured: 2,
    limit: 2,
  });
});

it('tells the ratio from the size of the cell', () => {
  const guest = { cpuPolicy: 'shared', dedicatedVcpus: [], sharedVcpus: [0] } as const;

  expect(explain([[{ sharedCpusUsed: 32 }]], [[guest]])).toMatchObject({
    kind: 'vcpus',
    of: 'ratio',
    measured: 33,
    limit: 32,
  });
  expect(explain([[{ memoryUsedMiB: 12000 }]], [[guest]])).toMatchObject({
    kind: 'memory',
    of: 'ratio',
    measured: 13024,
    limit: 12288,
    unit: 'MiB',
  });
});

it('says how many guest cells find a place at the same time', () => {
  const wide = { dedicatedVcpus: ids(4) };

  expect(explain([[{}, { pinnedCpus: [2] }]], [[wide, wide]])).toMatchObject({
    kind: 'assignment',
    measured: 2,
    limit: 1,
  });
});

it('names the request that finds too few devices', () => {
  const requests = [
    { count: 1, specs: [{ vendor_id: '8086' }] },
    { count: 2, specs: [{ vendor_id: '8086' }] },
  ];

  expect(explain([[{}], [aPool({ count: 2 })]], [[{}]], requests)).toMatchObject({
    kind: 'pci',
    request: 1,
    step: 'attributes',
    measured: 2,
    limit: 1,
  });
});

it('names the network that is not near', () => {
  const networks = { physnets: ['a'], tunneled: false };

  expect(explain([[{}, { networks, pinnedCpus: ids(6) }]], [[{}]], [], networks)).toMatchObject({
    kind: 'network',
    network: 'a',
  });
});

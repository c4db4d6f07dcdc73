import { expect, it } from 'vitest';
import { guestTopology } from '../../src/nova/guest-topology.ts';

const derive = (extraSpecs: Record<string, string>, image: Record<string, string> = {}) =>
  guestTopology({ vcpus: 4, memoryMiB: 4096, extraSpecs }, image);

it('gives no topology to a plain flavor, nor for a shared policy or an aggregate match', () => {
  expect(derive({})).toEqual({ kind: 'none' });
  expect(derive({ 'hw:cpu_policy': 'shared' })).toEqual({ kind: 'none' });
  expect(derive({ 'aggregate_instance_extra_specs:pinned': 'true' })).toEqual({ kind: 'none' });
});

it.each(['any', 'small', 'large', '2048', '2MB'])('gives a topology for page size %s', (size) => {
  expect(derive({ 'hw:mem_page_size': size })).toMatchObject({ kind: 'topology' });
});

it('reads page sizes as Nova does', () => {
  const sizeOf = (size: string) => derive({ 'hw:mem_page_size': size, 'hw:numa_nodes': '1' });

  expect(sizeOf('2MB')).toMatchObject({ topology: { cells: [{ pageSize: 2048 }] } });
  expect(sizeOf('2Mb')).toMatchObject({ topology: { cells: [{ pageSize: 256 }] } });
  expect(sizeOf('2M')).toMatchObject({ kind: 'error', errorClass: 'MemoryPageSizeInvalid' });
  expect(derive({ 'hw:mem_page_size': '0' })).toEqual({ kind: 'none' });
  expect(derive({ 'hw:mem_page_size': '' })).toEqual({ kind: 'none' });
});

it('reads page sizes and lists in the digits of any script, but not the number of NUMA nodes', () => {
  const cellsOf = (count: string) => derive({ 'hw:numa_nodes': count });

  expect(derive({ 'hw:mem_page_size': '\u0662' })).toMatchObject({ topology: { cells: [{ pageSize: 2 }] } });
  expect(derive({ 'hw:mem_page_size': '4KB\n' })).toMatchObject({ topology: { cells: [{ pageSize: 4 }] } });
  expect(cellsOf('\u0662')).toMatchObject({ errorClass: 'InvalidNUMANodesNumber' });
  expect(cellsOf('02')).toMatchObject({ errorClass: 'InvalidNUMANodesNumber' });
  expect(cellsOf('99999999999999999999')).toMatchObject({ errorClass: 'ImageNUMATopologyAsymmetric' });
});

it('splits evenly with vCPUs in sequence', () => {
  const shared = { cpuPolicy: undefined, threadPolicy: undefined, pageSize: undefined, memoryMiB: 2048 };

  expect(derive({ 'hw:numa_nodes': '2' })).toEqual({
    kind: 'topology',
    topology: {
      emulatorPolicy: undefined,
      cells: [
        { id: 0, sharedVcpus: [0, 1], dedicatedVcpus: [], ...shared },
        { id: 1, sharedVcpus: [2, 3], dedicatedVcpus: [], ...shared },
      ],
    },
  });
});

it('leaves the second cell of a mixed guest without pinned vCPUs where the mask says so', () => {
  const extraSpecs = { 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0-1', 'hw:numa_nodes': '2' };

  expect(derive(extraSpecs)).toMatchObject({
    topology: { cells: [{ dedicatedVcpus: [0, 1] }, { sharedVcpus: [2, 3], dedicatedVcpus: [] }] },
  });
});

it('takes an image property that is invalid by itself for a flaw of the image', () => {
  expect(derive({}, { hw_cpu_policy: 'bogus' })).toMatchObject({
    kind: 'error',
    stage: 'image',
    errorClass: 'ValueError',
  });
});

it('does not take what every object inherits for an extra spec', () => {
  const extraSpecs = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;

  expect(derive(extraSpecs)).toEqual({ kind: 'none' });
});

it('takes a CPU id beyond all counting for one that the flavor does not have', () => {
  const mask = { 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0,99999999999999999999' };

  expect(derive(mask)).toMatchObject({ errorClass: 'InvalidMixedInstanceDedicatedMask' });
});

it('does not build a list of CPUs as long as a slip of the pen asks for', () => {
  expect(derive({ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0-99999999999' })).toMatchObject({
    kind: 'error',
  });
});

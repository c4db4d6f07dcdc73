import { expect, it } from 'vitest';
import { claimDevices, deviceState, freeAddresses, freeDevices } from '../../src/nova/pci-devices.ts';

const pf = {
  address: '0000:10:00.0',
  vendorId: '8086',
  productId: '1572',
  devType: 'type-PF',
  numaNode: 0,
  tags: {},
};
const vf = (n: number) => ({
  ...pf,
  address: `0000:10:02.${n}`,
  productId: '154c',
  devType: 'type-VF',
  parentAddress: pf.address,
});
const wantsPf = [{ count: 1, specs: [{ dev_type: 'type-PF' }] }];
const wantsVf = [{ count: 1, specs: [{ dev_type: 'type-VF' }] }];

it('takes the VFs of a PF out of reach, and the PF of a VF, until they are given back', () => {
  const state = deviceState([pf, vf(0), vf(1)]);

  expect(claimDevices(state, 'a', wantsPf, undefined)).toEqual({ kind: 'claimed', addresses: [pf.address] });
  expect(freeAddresses(state)).toEqual([]);
  freeDevices(state, 'a');
  expect(claimDevices(state, 'b', wantsVf, undefined)).toEqual({
    kind: 'claimed',
    addresses: ['0000:10:02.1'],
  });
  expect(claimDevices(state, 'c', wantsPf, undefined)).toEqual({ kind: 'refused' });
  freeDevices(state, 'b');

  expect(freeAddresses(state)).toEqual([pf.address, '0000:10:02.0', '0000:10:02.1']);
});

it('passes the scheduler and fails the claim where one guest wants a PF and a VF of it', () => {
  const state = deviceState([pf, vf(0)]);

  expect(claimDevices(state, 'a', [...wantsPf, ...wantsVf], undefined)).toEqual({ kind: 'lost' });
});

it('keeps devices to the cells of a guest with a topology', () => {
  const state = deviceState([vf(0)]);

  expect(claimDevices(state, 'a', wantsVf, [1])).toEqual({ kind: 'refused' });
  expect(claimDevices(state, 'a', wantsVf, [0])).toMatchObject({ kind: 'claimed' });
});

it('pools devices only where their tags are written alike', () => {
  const state = deviceState([
    { ...pf, address: '0000:20:00.0', tags: { remote_managed: 'True' } },
    { ...pf, address: '0000:30:00.0', tags: { remote_managed: 'true' } },
  ]);
  const wantsRemote = [{ count: 1, specs: [{ dev_type: 'type-PF', remote_managed: 'true' }] }];

  expect(claimDevices(state, 'a', wantsRemote, undefined)).toMatchObject({ addresses: ['0000:20:00.0'] });
});

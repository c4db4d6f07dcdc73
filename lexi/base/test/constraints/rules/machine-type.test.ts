import { describe, expect, it } from 'vitest';
import { machineType } from '../../../src/constraints/rules/machine-type.ts';
import { byMethod } from './device-support.ts';

const types = (...names: readonly string[]) => ({ to: { machineTypes: new Set(names) } });

describe('machine-type', () => {
  it('keeps the exact type live, and cold only what image or Nova name', () => {
    const made = { machineType: 'pc-q35-7.2' };

    expect(byMethod(machineType, made, types('pc-q35-7.2'))).toMatchObject({ live: 'yes', cold: 'yes' });
    expect(byMethod(machineType, made, types('pc-q35-6.2'))).toEqual({
      live: 'host h2 has no machine type pc-q35-7.2',
      cold: 'yes',
      evacuate: 'yes',
    });
    expect(
      byMethod(
        machineType,
        { ...made, imageProperties: { hw_machine_type: 'pc-q35-6.0' } },
        types('pc-q35-7.2'),
      ),
    ).toEqual({
      live: 'yes',
      cold: 'host h2 has no machine type pc-q35-6.0',
      evacuate: 'host h2 has no machine type pc-q35-6.0',
    });
  });

  it('takes a family for the newest of it', () => {
    const cold = (name: string, ...there: readonly string[]) =>
      byMethod(machineType, { imageProperties: { hw_machine_type: name } }, types(...there)).cold;

    expect(cold('q35', 'pc-q35-7.2')).toBe('yes');
    expect(cold('pc', 'pc-i440fx-7.2')).toBe('yes');
    expect(cold('pc', 'pc-q35-7.2')).toBe('host h2 has no machine type pc');
  });

  it('trusts a QEMU that is not older than the present one, or than the type', () => {
    const live = (from: number, to: number, type?: string) =>
      byMethod(machineType, type === undefined ? {} : { machineType: type }, {
        from: { hypervisorVersion: from },
        to: { hypervisorVersion: to },
      }).live;

    expect(live(7_002_000, 7_002_000)).toMatch(/^unknown, safe yes: .*\[servers\[\]\.machineType\]$/);
    expect(live(7_002_000, 6_002_000)).toContain('unknown, safe no');
    expect(live(7_002_000, 6_002_000, 'pc-q35-6.2')).toMatch(
      /^unknown, safe yes: .*\[hosts\[\]\.machineTypes\]$/,
    );
    expect(live(7_002_000, 6_002_000, 'pc-q35-7.0')).toContain('unknown, safe no');
    expect(live(7_002_000, 6_002_000, 'pc-q35-rhel8.6.0')).toContain('unknown, safe no');
  });
});

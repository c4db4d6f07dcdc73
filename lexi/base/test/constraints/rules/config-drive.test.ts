import { describe, expect, it } from 'vitest';
import { configDrive } from '../../../src/constraints/rules/config-drive.ts';
import { say } from '../../support/say.ts';
import { byMethod, oneServer } from './device-support.ts';

const vendor = { switches: { isoConfigDriveLive: 'refused' } } as const;
const no = 'server s1: its config drive is read-only (iso9660) and would have to be copied: allow cold';

describe('config-drive', () => {
  it('copies no read-only config drive live where the vendor says so', () => {
    expect(byMethod(configDrive, { configDrive: true, configDriveFormat: 'iso9660' }, vendor)).toEqual({
      live: no,
      cold: 'yes',
      evacuate: 'yes',
    });
    expect(byMethod(configDrive, { configDrive: true, configDriveFormat: 'vfat' }, vendor).live).toBe('yes');
  });

  it('takes the format of nova.conf where the drive has none that is not known', () => {
    expect(byMethod(configDrive, { configDrive: true }, vendor).live).toBe(no);
    expect(
      byMethod(
        configDrive,
        { configDrive: true },
        { ...vendor, from: { config: { configDriveFormat: { value: 'vfat', known: true } } } },
      ).live,
    ).toBe('yes');
  });

  it('asks nothing of shared storage, of servers without one, and of releases that copy it', () => {
    const context = oneServer({ configDrive: true }, vendor);

    expect(say(configDrive, context, 's1', 'h2', { storage: 'shared' })).toBe('yes');
    expect(byMethod(configDrive, {}, vendor).live).toBe('yes');
    expect(byMethod(configDrive, { configDrive: true }).live).toBe('yes');
  });
});

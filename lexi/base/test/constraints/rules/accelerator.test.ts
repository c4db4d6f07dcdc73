import { describe, expect, it } from 'vitest';
import { accelerator } from '../../../src/constraints/rules/accelerator.ts';
import { byMethod } from './device-support.ts';

const profile = { extraSpecs: { 'accel:device_profile': 'fpga' } };
const stays = 'server s1: Nova does not migrate a server with an accelerator (accel:device_profile)';

describe('accelerator', () => {
  it('evacuates a server with a device profile where the release can, and migrates it never', () => {
    expect(byMethod(accelerator, profile)).toEqual({ live: stays, cold: stays, evacuate: 'yes' });
    expect(byMethod(accelerator, profile, { switches: { acceleratorEvacuate: 'refused' } }).evacuate).toBe(
      'server s1: this release does not evacuate a server with an accelerator (accel:device_profile)',
    );
  });

  it.each(['accelerator-direct', 'accelerator-direct-physical'])('moves no %s port at all', (vnicType) => {
    const no = 'server s1: Nova neither migrates nor evacuates a server with an accelerator port';
    const ports = [{ id: 'p1', vnicType, hasResourceRequest: false }];

    expect(byMethod(accelerator, { ports })).toEqual({ live: no, cold: no, evacuate: no });
  });

  it('lets others go', () => {
    const ports = [{ id: 'p1', vnicType: 'direct', hasResourceRequest: false }];

    expect(byMethod(accelerator, { ports }).live).toBe('yes');
  });
});

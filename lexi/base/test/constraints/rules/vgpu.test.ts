import { describe, expect, it } from 'vitest';
import { vgpu } from '../../../src/constraints/rules/vgpu.ts';
import { byMethod } from './device-support.ts';

const gpu = { extraSpecs: { 'resources_gpu:VGPU': '1' } };
const fresh = { hypervisorVersion: 8_001_000, libvirtVersion: 8_006_000 };
const can = { vgpuLive: 'allowed' } as const;

describe('vgpu', () => {
  it('keeps a virtual GPU from live migrations on releases that cannot', () => {
    expect(byMethod(vgpu, gpu)).toEqual({
      live: 'server s1: this release does not migrate a server with a virtual GPU live: allow cold',
      cold: 'yes',
      evacuate: 'yes',
    });
    expect(byMethod(vgpu, { extraSpecs: { 'resources:VGPU': '0' } }).live).toBe('yes');
  });

  it('wants new QEMU and libvirt at both ends where the release can', () => {
    const ask = (from: object, to: object) => byMethod(vgpu, gpu, { switches: can, from, to }).live;

    expect(ask(fresh, fresh)).toBe('yes');
    expect(ask(fresh, { ...fresh, libvirtVersion: 8_005_000 })).toBe(
      'server s1: its virtual GPU migrates live from QEMU 8.1.0 and libvirt 8.6.0 on; host h2 has libvirt 8.5.0',
    );
    expect(ask({ ...fresh, hypervisorVersion: 8_000_000 }, fresh)).toContain('host h1 has QEMU 8.0.0');
    expect(ask(fresh, { hypervisorVersion: 8_001_000 })).toContain('unknown, safe no');
  });
});

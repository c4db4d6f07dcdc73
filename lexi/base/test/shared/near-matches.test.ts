import { describe, expect, it } from 'vitest';
import { nearMatches } from '../../src/shared/near-matches.ts';

describe('names near the one that was typed', () => {
  const hosts = ['kvm-a01', 'kvm-a02', 'kvm-b01', 'kvm-b02', 'gpu-1'];

  it('are told nearest first, three at most', () => {
    expect(nearMatches('kvm-a1', hosts)).toEqual(['kvm-a01', 'kvm-a02', 'kvm-b01']);
    expect(nearMatches('KVM-B02', hosts)[0]).toBe('kvm-b02');
  });

  it('are none when nothing is like it', () => {
    expect(nearMatches('completely-different', hosts)).toEqual([]);
    expect(nearMatches('', hosts)).toEqual([]);
  });

  it('are told once each', () => {
    expect(nearMatches('web', ['web1', 'web1', 'web2'])).toEqual(['web1', 'web2']);
  });
});

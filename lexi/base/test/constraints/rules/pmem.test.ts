import { describe, expect, it } from 'vitest';
import { pmem } from '../../../src/constraints/rules/pmem.ts';
import { byMethod } from './device-support.ts';

const persistent = { extraSpecs: { 'hw:pmem': '6GB' } };

describe('pmem', () => {
  it('moves persistent memory live only, since nothing else takes along what is in it', () => {
    expect(byMethod(pmem, persistent)).toEqual({
      live: 'yes',
      cold: 'server s1: what is in its persistent memory (hw:pmem) would be lost by a cold migration',
      evacuate: 'server s1: what is in its persistent memory (hw:pmem) would be lost by an evacuation',
    });
  });

  it('keeps it where the release cannot do that', () => {
    expect(byMethod(pmem, persistent, { switches: { pmemLive: 'refused' } }).live).toBe(
      'server s1: this release does not migrate persistent memory (hw:pmem) live',
    );
  });
});

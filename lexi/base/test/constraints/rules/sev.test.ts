import { describe, expect, it } from 'vitest';
import { sev } from '../../../src/constraints/rules/sev.ts';
import { byMethod } from './device-support.ts';

describe('sev', () => {
  it('keeps encrypted memory from live migrations alone, asked for by flavor or image', () => {
    const encrypted = {
      live: 'server s1: Nova does not migrate encrypted memory (SEV) live: allow cold',
      cold: 'yes',
      evacuate: 'yes',
    };

    expect(byMethod(sev, { extraSpecs: { 'hw:mem_encryption': 'True' } })).toEqual(encrypted);
    expect(byMethod(sev, { imageProperties: { hw_mem_encryption: 'true' } })).toEqual(encrypted);
    expect(byMethod(sev, { extraSpecs: { 'hw:mem_encryption': 'false' } }).live).toBe('yes');
  });
});

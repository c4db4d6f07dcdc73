import { describe, expect, it } from 'vitest';
import { shares } from '../../../src/constraints/rules/shares.ts';
import { byMethod } from './device-support.ts';

const since31 = { switches: { sharesRefused: true } };
const no = 'server s1: Nova moves no server with Manila shares attached (a b): detach them first';

describe('shares', () => {
  it('keeps a server with shares, whatever the method', () => {
    expect(byMethod(shares, { shares: ['a', 'b'] }, since31)).toEqual({ live: no, cold: no, evacuate: no });
    expect(byMethod(shares, { shares: [] }, since31).live).toBe('yes');
  });

  it('takes a server of which nobody told for one without', () => {
    expect(byMethod(shares, {}, since31).live).toMatch(/^unknown, safe yes: .*\[servers\[\]\.shares\]$/);
  });

  it('does not ask on releases that attach none', () => {
    expect(byMethod(shares, {}).live).toBe('yes');
  });
});

import { describe, expect, it } from 'vitest';
import { vtpm } from '../../../src/constraints/rules/vtpm.ts';
import { fixedServers } from '../../support/say.ts';
import { byMethod, oneServer } from './device-support.ts';

const tpm = { 'hw:tpm_version': '2.0', 'hw:tpm_model': 'tpm-crb' };
const can = { switches: { vtpmLive: 'host-secret-only' } } as const;

describe('vtpm', () => {
  it('lets a server with a TPM go cold only', () => {
    expect(byMethod(vtpm, { extraSpecs: tpm })).toEqual({
      live: 'server s1: this release does not migrate a server with a TPM live: allow cold',
      cold: 'yes',
      evacuate: 'server s1: Nova does not evacuate a server with a TPM',
    });
  });

  it('lets it go live where the release carries a secret of the host', () => {
    const ask = (security: Record<string, string>) =>
      byMethod(vtpm, { extraSpecs: { ...tpm, ...security } }, can).live;

    expect(ask({ 'hw:tpm_secret_security': 'host' })).toBe('yes');
    expect(ask({ 'hw:tpm_secret_security': 'deployment' })).toBe(
      'server s1: its TPM secret is deployment, and only hw:tpm_secret_security=host migrates live: allow cold',
    );
    expect(ask({})).toContain('its TPM secret is user');
  });

  it('reads images, and takes a model without a version for nothing', () => {
    expect(byMethod(vtpm, { imageProperties: { hw_tpm_version: '1.2' } }).live).not.toBe('yes');
    expect(byMethod(vtpm, { imageProperties: { hw_tpm_model: 'tpm-tis' } }).live).toBe('yes');
    expect(byMethod(vtpm, {}).evacuate).toBe('yes');
  });

  it('names no word that is allowed already, and fixes the server only where nothing is left', () => {
    expect(byMethod(vtpm, { extraSpecs: tpm }, { allow: ['cold'] }).live).not.toContain('allow cold');
    expect(fixedServers(vtpm.compile(oneServer({ extraSpecs: tpm })))).toEqual(['s1']);
    expect(vtpm.compile(oneServer({ extraSpecs: tpm }, { allow: ['cold'] }))).toEqual([]);
  });
});

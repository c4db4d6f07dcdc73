import { describe, expect, it } from 'vitest';
import { cpuArch } from '../../../src/constraints/rules/cpu-arch.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { say } from '../../support/say.ts';
import { byMethod } from './device-support.ts';

const arm = { cpu: { arch: 'aarch64', features: new Set<string>() } };

describe('cpu-arch', () => {
  it('keeps servers to hosts of one architecture, whatever the method', () => {
    const no = 'host h2 is aarch64, the server is made for x86_64';

    expect(byMethod(cpuArch, {}, { to: arm })).toEqual({ live: no, cold: no, evacuate: no });
    expect(byMethod(cpuArch, {}, { from: arm, to: arm }).cold).toBe('yes');
    expect(
      byMethod(cpuArch, { imageProperties: { hw_emulation_architecture: 'aarch64' } }, { to: arm }).cold,
    ).toBe('yes');
  });

  it('knows the architecture from the guests that a host runs, where nobody told its CPU', () => {
    const ask = (supported: readonly (readonly [string, string, string])[]) =>
      say(
        cpuArch,
        aContext(
          aCloud({
            hosts: [aHost('h1'), without(aHost('h2', { supportedInstances: supported }), 'cpu')],
            servers: [aServer('s1', 'h1')],
          }),
        ),
        's1',
        'h2',
      );

    expect(
      ask([
        ['i686', 'kvm', 'hvm'],
        ['x86_64', 'kvm', 'hvm'],
        ['aarch64', 'qemu', 'hvm'],
      ]),
    ).toBe('yes');
    expect(ask([['aarch64', 'kvm', 'hvm']])).toContain('is aarch64');
    expect(ask([])).toContain('unknown, safe no');
  });
});

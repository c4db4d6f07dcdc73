import { describe, expect, it } from 'vitest';
import { imageProperties } from '../../../src/constraints/rules/image-properties.ts';
import type { Host } from '../../../src/model/host.ts';
import { aCloud, aContext, aHost, aServer, someConfig } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { say } from '../../support/say.ts';

const kvm: Partial<Host> = { supportedInstances: [['x86_64', 'kvm', 'hvm']] };

function ask(
  image: Record<string, string> | undefined,
  to: Partial<Host>,
  { on = true, forced = false } = {},
): string {
  const server = aServer('s1', 'h1', { imageProperties: image ?? {} });
  const context = aContext(
    aCloud({
      hosts: [aHost('h1', kvm), aHost('h2', to)],
      servers: [image === undefined ? without(server, 'imageProperties') : server],
      config: {
        ...someConfig,
        enabledFilters: { value: on ? ['ImagePropertiesFilter'] : [], known: true },
      },
    }),
  );
  return say(imageProperties, context, 's1', 'h2', forced ? { forced: true } : {});
}

describe('image-properties', () => {
  it('wants a host that runs what the image names', () => {
    expect(ask({ hw_architecture: 'x86_64', img_hv_type: 'kvm' }, kvm)).toBe('yes');
    expect(ask({ hw_architecture: 'aarch64' }, kvm)).toBe(
      'host h2 does not run what the image asks for: hw_architecture=aarch64',
    );
    expect(ask({ img_hv_type: 'kvm', img_hv_requested_version: '>=8.0' }, kvm)).toContain('>=8.0');
    expect(ask({ vm_mode: 'xen' }, kvm)).toContain('vm_mode=xen');
  });

  it('asks nothing for images that name nothing, where the filter is off, and of forced arrivals', () => {
    expect(ask({ os_distro: 'debian' }, { supportedInstances: [] })).toBe('yes');
    expect(ask({ hw_architecture: 'aarch64' }, kvm, { on: false })).toBe('yes');
    expect(ask({ hw_architecture: 'aarch64' }, kvm, { forced: true })).toBe('yes');
  });

  it('takes hosts of one architecture and type to run the same, where facts are missing', () => {
    const arm = { cpu: { arch: 'aarch64', features: new Set<string>() } };

    expect(ask(undefined, kvm)).toContain('unknown, safe yes');
    expect(ask({ hw_architecture: 'x86_64' }, {})).toContain('unknown, safe yes');
    expect(ask(undefined, arm)).toContain('unknown, safe no');
    expect(ask(undefined, { hypervisorType: 'VMware' })).toContain('unknown, safe no');
  });
});

import { describe, expect, it } from 'vitest';
import { hypervisorVersion } from '../../../src/constraints/rules/hypervisor-version.ts';
import type { Host } from '../../../src/model/host.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, aServer, someConfig } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { allowedHosts, say } from '../../support/say.ts';

const between = (from: Host, to: Host) =>
  aContext(aCloud({ hosts: [from, to], servers: [aServer('s1', 'h1')] }), { allow: ['cold'] });

describe('hypervisor-version', () => {
  it('lets a live migration go to the same or a newer QEMU', () => {
    const same = between(aHost('h1'), aHost('h2'));
    const newer = between(aHost('h1'), aHost('h2', { hypervisorVersion: 8000000 }));

    expect(say(hypervisorVersion, same, 's1', 'h2')).toBe('yes');
    expect(say(hypervisorVersion, newer, 's1', 'h2')).toBe('yes');
  });

  it('refuses a live migration to an older QEMU, and not a cold one', () => {
    const context = between(aHost('h1'), aHost('h2', { hypervisorVersion: 6002012 }));

    expect(say(hypervisorVersion, context, 's1', 'h2')).toBe(
      'host h2 runs QEMU 6.2.12, the source 7.2.0: a live migration cannot go to an older one',
    );
    expect(say(hypervisorVersion, context, 's1', 'h2', { method: 'cold' })).toBe('yes');
  });

  it('refuses another type of hypervisor', () => {
    const context = between(aHost('h1'), aHost('h2', { hypervisorType: 'VMware' }));

    expect(say(hypervisorVersion, context, 's1', 'h2')).toBe(
      'host h2 is of another hypervisor type: QEMU, VMware',
    );
  });

  it.each(['hypervisorVersion', 'hypervisorType'] as const)('does not judge without the %s', (fact) => {
    const words =
      'hypervisor types or versions of some hosts are not known: nothing migrates live from or to them';

    expect(say(hypervisorVersion, between(aHost('h1'), without(aHost('h2'), fact)), 's1', 'h2')).toBe(
      `unknown, safe no: ${words} [hosts[].${fact}]`,
    );
    expect(say(hypervisorVersion, between(without(aHost('h1'), fact), aHost('h2')), 's1', 'h2')).toBe(
      `unknown, safe no: ${words} [hosts[].${fact}]`,
    );
  });

  it('compiles to the hosts that are new enough for some way of travelling', () => {
    const cloud = aCloud({
      hosts: [aHost('h1'), aHost('h2', { hypervisorVersion: 6000000 }), aHost('h3')],
      servers: [aServer('s1', 'h1'), aServer('s2', 'h2')],
    });

    const liveOnly = hypervisorVersion.compile(aContext(cloud));

    expect(allowedHosts(liveOnly, 's1')).toEqual(['h1', 'h3']);
    expect(allowedHosts(liveOnly, 's2')).toBe('any');
    expect(hypervisorVersion.compile(aContext(cloud, { allow: ['cold'] }))).toEqual([]);
  });

  it('leaves the version to libvirt where Nova is told to', () => {
    const cloud = aCloud({
      hosts: [aHost('h1'), aHost('h2', { hypervisorVersion: 6000000 })],
      servers: [aServer('s1', 'h1')],
      config: {
        ...someConfig,
        workarounds: { value: ['skip_hypervisor_version_check_on_lm'], known: true },
      },
    });

    expect(say(hypervisorVersion, aContext(cloud), 's1', 'h2')).toBe('yes');
  });

  it('finds nothing broken: it is about travelling', () => {
    expect(hypervisorVersion.audit(createState(between(aHost('h1'), aHost('h2'))))).toEqual([]);
  });
});

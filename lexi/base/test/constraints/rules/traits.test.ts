import { describe, expect, it } from 'vitest';
import { traits } from '../../../src/constraints/rules/traits.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { aProvider } from '../../support/parts.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const wants = { 'trait:CUSTOM_FAST': 'required', 'trait:CUSTOM_OLD': 'forbidden' };
const pinned = (threads: string) => ({ 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': threads });

const hosts = [
  aHost('h1'),
  aHost('h2', { traits: ['CUSTOM_FAST'] }),
  aHost('h3', { traits: ['CUSTOM_FAST', 'CUSTOM_OLD'] }),
];

const asking = (extraSpecs: Readonly<Record<string, string>>) =>
  aContext(aCloud({ hosts, servers: [aServer('s1', 'h1', { extraSpecs })] }));

describe('traits', () => {
  it('wants every required trait and none of the forbidden ones', () => {
    const context = asking(wants);

    expect(say(traits, context, 's1', 'h2')).toBe('yes');
    expect(say(traits, context, 's1', 'h3')).toBe('host h3 lacks or must not have: not CUSTOM_OLD');
    expect(say(traits, context, 's1', 'h1')).toBe('host h1 lacks or must not have: CUSTOM_FAST');
  });

  it('takes traits of images too', () => {
    const server = aServer('s1', 'h1', { imageProperties: { 'trait:CUSTOM_FAST': 'required' } });
    const context = aContext(aCloud({ hosts, servers: [server] }));

    expect(say(traits, context, 's1', 'h1')).toBe('host h1 lacks or must not have: CUSTOM_FAST');
  });

  it('finds traits anywhere in the provider tree', () => {
    const tree = [aProvider('h4', { VCPU: 8 }), aProvider('h4-pf', {}, { traits: ['CUSTOM_FAST'] })];
    const context = aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h4', { providers: tree })],
        servers: [aServer('s1', 'h1', { extraSpecs: { 'trait:CUSTOM_FAST': 'required' } })],
      }),
    );

    expect(say(traits, context, 's1', 'h4')).toBe('yes');
  });

  it('asks for the trait of the thread policy only where the host has PCPU', () => {
    const modern = [aHost('h1', { pcpu: 8 }), aHost('h2', { pcpu: 8 })];
    const legacy = [aHost('h1'), aHost('h2')];
    const server = aServer('s1', 'h1', { extraSpecs: pinned('require') });

    expect(say(traits, aContext(aCloud({ hosts: modern, servers: [server] })), 's1', 'h2')).toBe(
      'host h2 lacks or must not have: HW_CPU_HYPERTHREADING',
    );
    expect(say(traits, aContext(aCloud({ hosts: legacy, servers: [server] })), 's1', 'h2')).toBe('yes');
  });

  it('does not know what a host offers of which Placement was not read', () => {
    const blank = aHost('h2', { providers: [] });
    const ask = (extraSpecs: Readonly<Record<string, string>>) =>
      say(
        traits,
        aContext(aCloud({ hosts: [aHost('h1'), blank], servers: [aServer('s1', 'h1', { extraSpecs })] })),
        's1',
        'h2',
      );

    expect(ask(wants)).toBe(
      'unknown, safe no: traits of hosts are not known: servers whose flavor or image asks for traits stay [hosts[].providers]',
    );
    expect(ask({})).toBe('yes');
  });

  it('reports a server on a host without its traits', () => {
    expect(broken(traits, createState(asking(wants)))).toEqual([
      'host h1 lacks or must not have: CUSTOM_FAST (s1)',
    ]);
  });

  it('compiles to the hosts that have what is asked for', () => {
    expect(allowedHosts(traits.compile(asking(wants)), 's1')).toEqual(['h2']);
    expect(allowedHosts(traits.compile(asking({})), 's1')).toBe('any');
  });

  it('tells apart servers that differ only in what legacy hosts are asked', () => {
    const legacy = [aHost('h1'), aHost('h2', { traits: ['HW_CPU_HYPERTHREADING'] })];
    const context = aContext(
      aCloud({
        hosts: legacy,
        servers: [
          aServer('s1', 'h1', {
            extraSpecs: { 'hw:cpu_policy': 'dedicated', 'trait:HW_CPU_HYPERTHREADING': 'forbidden' },
          }),
          aServer('s2', 'h1', { extraSpecs: pinned('isolate') }),
        ],
      }),
    );

    const primitives = traits.compile(context);

    expect(allowedHosts(primitives, 's1')).toEqual(['h1']);
    expect(allowedHosts(primitives, 's2')).toBe('any');
  });
});

import { describe, expect, it } from 'vitest';
import { cpuFeatures } from '../../../src/constraints/rules/cpu-features.ts';
import type { GuestCpu, HostCpu } from '../../../src/model/cpu.ts';
import type { Host } from '../../../src/model/host.ts';
import type { CpuTable } from '../../../src/nova/cpu-compare.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, anArrival, aServer } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { allowedHosts, say } from '../../support/say.ts';

const cpuTable: CpuTable = {
  models: new Map([
    ['Haswell', { features: new Set(['sse', 'avx']) }],
    ['Skylake', { features: new Set(['sse', 'avx', 'clwb']) }],
  ]),
  features: new Set(['sse', 'avx', 'clwb', 'vmx', 'tsx']),
};

const cpu = (model: string, ...features: string[]): HostCpu => ({
  arch: 'x86_64',
  model,
  vendor: 'Intel',
  features: new Set(features),
});

const between = (from: HostCpu | undefined, to: HostCpu | undefined, guest?: GuestCpu) => {
  const host = (name: string, has: HostCpu | undefined): Host =>
    has === undefined ? without(aHost(name), 'cpu') : aHost(name, { cpu: has });
  const servers = [aServer('s1', 'h1', guest === undefined ? {} : { cpu: guest })];
  return aContext(aCloud({ hosts: [host('h1', from), host('h2', to)], servers }), {
    cpuTable,
    allow: ['cold'],
  });
};

const custom: GuestCpu = { mode: 'custom', model: 'Haswell', features: [] };

describe('cpu-features', () => {
  it('lets a server go live to an equal CPU, even one that is not in the table', () => {
    const context = between(cpu('Unheard-Of', 'magic'), cpu('Unheard-Of', 'magic'));

    expect(say(cpuFeatures, context, 's1', 'h2')).toBe('yes');
  });

  it('lets a server go live to a CPU with more features', () => {
    expect(say(cpuFeatures, between(cpu('Haswell'), cpu('Skylake')), 's1', 'h2')).toBe('yes');
  });

  it('refuses a CPU that lacks features of the source, and names them', () => {
    const context = between(cpu('Skylake', 'vmx'), cpu('Haswell'));

    expect(say(cpuFeatures, context, 's1', 'h2')).toBe('host h2: CPU features missing: clwb vmx');
    expect(say(cpuFeatures, context, 's1', 'h2', { method: 'cold' })).toBe('yes');
  });

  it('wants of the destination only what a guest with a CPU model of its own has', () => {
    const fits = between(cpu('Skylake', 'vmx'), cpu('Haswell'), custom);
    const forbids = between(cpu('Skylake'), cpu('Haswell', 'tsx'), {
      ...custom,
      features: [{ name: 'tsx', policy: 'forbid' }],
    });
    const strict = between(cpu('Haswell'), cpu('Skylake'), { ...custom, match: 'strict' });

    expect(say(cpuFeatures, fits, 's1', 'h2')).toBe('yes');
    expect(say(cpuFeatures, forbids, 's1', 'h2')).toBe(
      'host h2: CPU features that the guest must not see: tsx',
    );
    expect(say(cpuFeatures, strict, 's1', 'h2')).toBe('host h2: more CPU features than the guest accepts');
  });

  it('counts the features that are missing, and the other differences as one', () => {
    const measured = (context: ReturnType<typeof between>) =>
      cpuFeatures.judge(anArrival(context, 's1', 'h2'), createState(context));

    expect(measured(between(cpu('Skylake', 'vmx'), cpu('Haswell')))).toMatchObject({ measured: 2, limit: 0 });
    expect(measured(between(cpu('Haswell'), { ...cpu('Haswell'), vendor: 'AMD' }))).toMatchObject({
      measured: 1,
      limit: 0,
    });
  });

  it('wants the vendor of a guest that states one', () => {
    const amd = { ...cpu('Haswell'), vendor: 'AMD' };

    expect(say(cpuFeatures, between(amd, amd, { ...custom, vendor: 'Intel' }), 's1', 'h2')).toBe(
      'host h2: another CPU vendor',
    );
    expect(say(cpuFeatures, between(amd, amd, custom), 's1', 'h2')).toBe('yes');
  });

  it('compares the source host for a guest without a model', () => {
    const context = between(cpu('Skylake'), cpu('Haswell'), { mode: 'host-passthrough', features: [] });

    expect(say(cpuFeatures, context, 's1', 'h2')).toBe('host h2: CPU features missing: clwb');
  });

  it('refuses another vendor or architecture', () => {
    const amd = { ...cpu('Haswell'), vendor: 'AMD' };
    const power = { ...cpu('Haswell'), arch: 'ppc64le' };

    expect(say(cpuFeatures, between(cpu('Haswell'), amd), 's1', 'h2')).toBe('host h2: another CPU vendor');
    expect(say(cpuFeatures, between(cpu('Haswell'), power), 's1', 'h2')).toBe(
      'host h2: another CPU architecture',
    );
  });

  it('compares nothing between AArch64 hosts', () => {
    const arm = { arch: 'aarch64', features: new Set<string>() };

    expect(say(cpuFeatures, between(arm, arm), 's1', 'h2')).toBe('yes');
    expect(say(cpuFeatures, between(cpu('Haswell'), arm), 's1', 'h2')).not.toBe('yes');
  });

  it('does not judge between hosts of which no source told the CPU', () => {
    const words =
      'unknown, safe no: the CPUs of some hosts are not known: nothing migrates live between them [hosts[].cpu]';

    expect(say(cpuFeatures, between(undefined, cpu('Haswell')), 's1', 'h2')).toBe(words);
    expect(say(cpuFeatures, between(cpu('Haswell'), undefined), 's1', 'h2')).toBe(words);
    expect(say(cpuFeatures, between(undefined, cpu('Haswell'), custom), 's1', 'h2')).toBe('yes');
  });

  it('does not judge different CPUs that the table does not know', () => {
    expect(say(cpuFeatures, between(cpu('Haswell', 'magic'), cpu('Skylake')), 's1', 'h2')).toBe(
      'unknown, safe no: some CPU models or features are not in the table: nothing migrates live between different such CPUs [models/cpu-models.json: magic]',
    );
  });

  it('compiles to the hosts with enough features, by source host and guest model', () => {
    const cloud = aCloud({
      hosts: [
        aHost('h1', { cpu: cpu('Skylake') }),
        aHost('h2', { cpu: cpu('Haswell') }),
        aHost('h3', { cpu: cpu('Skylake', 'vmx') }),
      ],
      servers: [
        aServer('s1', 'h1'),
        aServer('s2', 'h2'),
        aServer('s3', 'h1', { cpu: custom }),
        aServer('s4', 'h1', { vmState: 'stopped', powerState: 'shutdown' }),
      ],
    });

    const primitives = cpuFeatures.compile(aContext(cloud, { cpuTable }));

    expect(allowedHosts(primitives, 's1')).toEqual(['h1', 'h3']);
    expect(allowedHosts(primitives, 's2')).toBe('any');
    expect(allowedHosts(primitives, 's3')).toBe('any');
    expect(allowedHosts(primitives, 's4')).toBe('any');
  });

  it('finds nothing broken: it is about travelling', () => {
    expect(cpuFeatures.audit(createState(between(cpu('Haswell'), cpu('Skylake'))))).toEqual([]);
  });
});

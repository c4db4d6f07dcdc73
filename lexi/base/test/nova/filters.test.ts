import { expect, it } from 'vitest';
import { matchAggregates } from '../../src/nova/aggregate-extra-specs.ts';
import { matchCapabilities } from '../../src/nova/compute-capabilities.ts';
import { compareGuestCpu, compareHostCpu } from '../../src/nova/cpu-compare.ts';
import { matchExtraSpec } from '../../src/nova/extra-specs-ops.ts';
import { matchImage } from '../../src/nova/image-props.ts';

it.each([
  ['10', '= 9', 'yes'],
  ['1_0', '== 10', 'yes'],
  ['0x10', '== 16', 'ValueError'],
  ['', '>= 1', 'ValueError'],
  ['nan', '!= 1', 'yes'],
  ['-inf', '<= .5', 'yes'],
  ['ab', 's< b', 'yes'],
  ['\u{1f600}', 's> \uffff', 'yes'],
  ['a b', '<all-in> a b', 'yes'],
  ['abc', '<in> bc', 'yes'],
  ['b', '<or> a <or> b', 'yes'],
  ['b', '<or>', 'IndexError'],
  ['5 6', '== 5 6', 'ValueError'],
  ['< 5', '< 5', 'yes'],
] as const)('matches %j against %j: %s', (value, requirement, verdict) => {
  expect(matchExtraSpec(value, requirement)).toBe(verdict);
});

it('tests extra specs without a scope against the metadata of aggregates too', () => {
  expect(matchAggregates({ ssd: 'true', 'hw:cpu_policy': 'dedicated' }, [{ ssd: 'false, true' }])).toBe(
    'yes',
  );
  expect(matchAggregates({ ssd: 'true' }, [{ class: 'gold' }])).toBe('no');
  expect(matchAggregates({}, [])).toBe('yes');
});

it('reads capabilities out of JSON text and compares lists as Python writes them', () => {
  const host = {
    attributes: { cpu_info: '{"features": ["aes", "avx"]}', vcpus_total: 8 },
    stats: { io: '1' },
  };

  expect(matchCapabilities({ 'capabilities:cpu_info:features': "<in> 'aes'," }, host)).toBe('yes');
  expect(matchCapabilities({ 'capabilities:vcpus_total': '>= 8', io: '1', other: 'x' }, host)).toBe('yes');
  expect(matchCapabilities({ 'capabilities:other': 'x' }, host)).toBe('no');
  expect(matchCapabilities({ 'capabilities:stats:io': '= 1', stats: "{'io': '1'}" }, host)).toBe('yes');
});

it('looks at the hypervisor version only when the image names an architecture, type or mode', () => {
  const host = { supportedInstances: [['x86_64', 'kvm', 'hvm']], hypervisorVersion: 7002000 };
  const tooNew = { img_hv_requested_version: '>=8.0' };

  expect(matchImage(tooNew, host, undefined)).toEqual({ kind: 'yes' });
  expect(matchImage({ ...tooNew, hypervisor_type: 'KVM' }, host, undefined)).toEqual({ kind: 'no' });
  expect(matchImage(tooNew, host, 'amd64')).toEqual({ kind: 'no' });
  expect(matchImage({ hw_vm_mode: 'hv' }, host, undefined)).toEqual({ kind: 'yes' });
});

it.each(['>=7.2\n', '=7.2', '>=7', '>=7.2,', '>=\u0667.2'])('refuses the version predicate %j', (text) => {
  const host = { supportedInstances: [], hypervisorVersion: undefined };

  expect(matchImage({ img_hv_requested_version: text }, host, undefined)).toEqual({
    kind: 'error',
    errorClass: 'ValueError',
    stage: 'image',
  });
});

it('reports a bad legacy name before a bad CPU list', () => {
  const host = { supportedInstances: [], hypervisorVersion: undefined };
  const image = { 'hw_numa_cpus.0': 'x', vm_mode: 'bogus' };

  expect(matchImage(image, host, undefined)).toMatchObject({ errorClass: 'ValueError' });
  expect(matchImage({ ...image, vm_mode: 'hvm' }, host, undefined)).toMatchObject({ errorClass: 'Invalid' });
});

it('compares CPUs by their features, and vendors only when the source states one', () => {
  const table = {
    models: new Map([
      ['old', { features: new Set(['sse']) }],
      ['new', { features: new Set(['sse', 'avx']) }],
    ]),
    features: new Set(['sse', 'avx', 'aes']),
  };
  const old = { arch: 'x86_64', model: 'old', features: ['aes'] };
  const recent = { arch: 'x86_64', model: 'new', vendor: 'Intel', features: ['aes'] };

  expect(compareHostCpu(table, old, recent)).toEqual({ kind: 'superset' });
  expect(compareHostCpu(table, recent, recent)).toEqual({ kind: 'identical' });
  expect(compareHostCpu(table, recent, { ...old, vendor: 'Intel' })).toMatchObject({
    cause: 'missing',
    features: ['avx'],
  });
  expect(compareHostCpu(table, { ...old, vendor: 'AMD' }, recent)).toMatchObject({ cause: 'vendor' });
  expect(compareHostCpu(table, { ...old, features: ['x'] }, recent)).toEqual({
    kind: 'error',
    unknown: ['x'],
  });
  const guest = { match: 'strict', model: 'old', features: [{ name: 'avx', policy: 'forbid' }] } as const;
  expect(compareGuestCpu(table, guest, recent)).toMatchObject({ cause: 'forbidden', features: ['avx'] });
  expect(compareGuestCpu(table, guest, old)).toMatchObject({ cause: 'not-strict' });
});

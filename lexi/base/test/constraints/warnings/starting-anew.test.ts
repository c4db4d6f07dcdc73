import { describe, expect, it } from 'vitest';
import { customCpu } from '../../../src/constraints/warnings/custom-cpu.ts';
import { downtime } from '../../../src/constraints/warnings/downtime.ts';
import { evacuateDataLoss } from '../../../src/constraints/warnings/evacuate-data-loss.ts';
import { machineType } from '../../../src/constraints/warnings/machine-type.ts';
import type { Server } from '../../../src/model/server.ts';
import { aCloud, aContext, aHost, aServer, someConfig } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { warn } from '../../support/warn.ts';

const cold = { method: 'cold' } as const;
const of = (over: Partial<Server>, hosts = [aHost('h1'), aHost('h2')], config = someConfig) =>
  aContext(aCloud({ hosts, servers: [aServer('s1', 'h1', over)], config }), {
    cpuTable: {
      models: new Map([
        ['Old', { features: new Set(['avx']) }],
        ['Skylake-Server', { features: new Set(['avx', 'avx512f']) }],
      ]),
      features: new Set(['avx', 'avx512f', 'amx']),
    },
  });

describe('downtime', () => {
  it('is told of running servers that go cold, and of no other', () => {
    expect(warn(downtime, of({}), 's1', 'h2', cold)).toEqual(['shut down for the time of a cold migration']);
    expect(warn(downtime, of({}), 's1', 'h2')).toEqual([]);
    expect(warn(downtime, of({ vmState: 'stopped' }), 's1', 'h2', cold)).toEqual([]);
  });
});

describe('machine-type', () => {
  const hosts = [aHost('h1', { hypervisorVersion: 6002000 }), aHost('h2', { hypervisorVersion: 7002000 })];
  const text = (asked: string) =>
    `server s1 asks for ${asked}: host h2 has another QEMU than h1 and may give it another version of it`;

  it('warns where an unversioned type meets another QEMU', () => {
    expect(warn(machineType, of({ machineType: 'q35' }, hosts), 's1', 'h2', cold)).toEqual([
      text('machine type q35'),
    ]);
    expect(
      warn(machineType, of({ imageProperties: { hw_machine_type: 'pc' } }, hosts), 's1', 'h2', cold),
    ).toEqual([text('machine type pc')]);
    expect(warn(machineType, of({}, hosts), 's1', 'h2', { method: 'evacuate' })).toEqual([
      text('no machine type'),
    ]);
  });

  it('is silent for versioned types, equal QEMUs, live migrations, and where nothing is known', () => {
    expect(warn(machineType, of({ machineType: 'pc-q35-7.2' }, hosts), 's1', 'h2', cold)).toEqual([]);
    expect(warn(machineType, of({ machineType: 'q35' }), 's1', 'h2', cold)).toEqual([]);
    expect(warn(machineType, of({ machineType: 'q35' }, hosts), 's1', 'h2')).toEqual([]);
    const untold = aCloud({ hosts, servers: [without(aServer('s1', 'h1'), 'imageProperties')] });
    expect(warn(machineType, aContext(untold), 's1', 'h2', cold)).toEqual([]);
  });
});

describe('custom-cpu', () => {
  const cpu = { mode: 'custom', model: 'Skylake-Server', features: [] } as const;
  const old = [
    aHost('h1'),
    aHost('h2', { cpu: { arch: 'x86_64', model: 'Old', vendor: 'Intel', features: new Set() } }),
  ];
  const assumed = { ...someConfig, cpuMode: { value: 'host-model', known: false } };

  it('warns of a destination that lacks features of the model', () => {
    expect(warn(customCpu, of({ cpu }, old, assumed), 's1', 'h2', cold)).toEqual([
      'server s1 has CPU model Skylake-Server, which host h2 cannot provide (avx512f): it may not boot',
    ]);
  });

  it('is silent live, where the model can be had, for servers without one, and where the host gives another mode', () => {
    expect(warn(customCpu, of({ cpu }, old, assumed), 's1', 'h2')).toEqual([]);
    expect(warn(customCpu, of({ cpu }, undefined, assumed), 's1', 'h2', cold)).toEqual([]);
    expect(warn(customCpu, of({}, old, assumed), 's1', 'h2', cold)).toEqual([]);
    expect(warn(customCpu, of({ cpu }, old), 's1', 'h2', cold)).toEqual([]);
  });
});

describe('evacuate-data-loss', () => {
  it('names what is lost where disks are not shared', () => {
    const evacuate = { method: 'evacuate', storage: 'block' } as const;

    expect(warn(evacuateDataLoss, of({}), 's1', 'h2', evacuate)).toEqual([
      'server s1 loses what is on its root disk and other local disks: they are not shared',
    ]);
    expect(warn(evacuateDataLoss, of({ bootFromVolume: true }), 's1', 'h2', evacuate)).toEqual([
      'server s1 loses what is on its local disks: they are not shared',
    ]);
    expect(warn(evacuateDataLoss, of({}), 's1', 'h2', { ...evacuate, storage: 'shared' })).toEqual([]);
    expect(warn(evacuateDataLoss, of({}), 's1', 'h2', { storage: 'block' })).toEqual([]);
  });
});

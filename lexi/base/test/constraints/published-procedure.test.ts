import { describe, expect, it } from 'vitest';
import { contradictions } from '../../src/constraints/warnings/published-procedure.ts';
import { providerId } from '../../src/model/ids.ts';
import { aNumaCloud, aTwinHost, numaServer, pinnedServer, toldUnder } from '../profiles/support.ts';
import { aServer, shippedProfile } from '../support/builders.ts';

const vf = {
  count: 1,
  specs: [{ vendor_id: '8086', product_id: '154c', dev_type: 'type-VF' }],
  source: { kind: 'port', port: 'p' },
} as const;

/** On one provider, as a forced migration needs it. */
const allocations = [{ provider: providerId('rp-h1'), resources: { PCPU: 1, MEMORY_MB: 4096, DISK_GB: 10 } }];

const cloud = aNumaCloud({
  hosts: [aTwinHost('h1', [1]), aTwinHost('h2')],
  servers: [
    pinnedServer('pinned', 'h1', [1], { allocations }),
    numaServer('numa', 'h1'),
    aServer('plain', 'h1'),
    aServer('vf', 'h1', { pciRequests: [vf] }),
    aServer('drive', 'h1', { configDrive: true }),
  ],
});

/** Ids of the entries that an arrival brings up. */
const idsUnder = (profile: string, server: string, over = {}): readonly string[] => {
  const { warnings } = toldUnder(profile, cloud, server, 'h2', over);
  return contradictions
    .filter(({ text }) => warnings.includes(`published-procedure: ${text}`))
    .map(({ id }) => id);
};

describe('where published procedures contradict Nova', () => {
  it.each([
    ['rhosp-13', 'pinned', {}, ['disable-destination', 'empty-destination']],
    ['rhosp-13-late', 'numa', {}, []],
    ['rhosp-16', 'pinned', {}, []],
    ['rhosp-13', 'plain', {}, []],
    ['rhosp-13', 'plain', { method: 'cold' }, ['cold-to-named-host']],
    ['zed', 'plain', { method: 'cold' }, []],
    ['zed', 'vf', {}, ['sriov-live']],
    ['zed', 'drive', {}, ['config-drive-live']],
    ['zed', 'drive', { storage: 'shared' }, []],
    ['rhosp-13', 'drive', {}, []],
  ])('%s tells of %s with %j: %j', (profile, server, over, ids) => {
    expect(idsUnder(profile, server, over)).toEqual(ids);
  });

  it('only speaks of values that switches have', () => {
    const known = new Map(
      ['rhosp-13', 'rhosp-16', 'zed', 'latest', 'strict'].flatMap((name) =>
        Object.entries(shippedProfile(name).switches).map(([key, value]) => [
          `${key} ${String(value)}`,
          true,
        ]),
      ),
    );
    for (const { when } of contradictions)
      for (const [name, values] of Object.entries(when))
        for (const value of values) expect(known.has(`${name} ${String(value)}`)).toBe(true);
  });

  it('tells of a request that is forced onto a disabled host', () => {
    const disabled = {
      ...cloud,
      hosts: new Map(
        [...cloud.hosts].map(([id, host]) =>
          id === 'h2'
            ? [id, { ...host, service: { ...host.service, status: 'disabled' as const } }]
            : [id, host],
        ),
      ),
    };
    const told = (profile: string, over = {}) => toldUnder(profile, disabled, 'pinned', 'h2', over);

    expect(told('rhosp-13').refusals).toEqual(['host-state: host h2: nova-compute is disabled']);
    expect(told('rhosp-13', { forced: true }).refusals).toEqual([]);
    expect(told('rhosp-13', { forced: true }).warnings[0]).toContain(
      'Nova runs none of its scheduler filters',
    );
    expect(told('zed', { forced: true }).refusals).toEqual(['host-state: host h2: nova-compute is disabled']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Disruption } from '../../../src/constraints/context.ts';
import type { Host } from '../../../src/model/host.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import { dirtyRate } from '../../../src/replay/warnings/dirty-rate.ts';
import { aCloud, aContext, aHost, aServer, shippedProfile, someConfig } from '../../support/builders.ts';
import { warn } from '../../support/warn.ts';

const known = <Value>(value: Value) => ({ value, known: true });
/** 1448/1538 of 1000 Mbit/s: 112.2 MiB/s. */
const slow = { nics: [{ name: 'eth0', bandwidthMbps: 1000 }] };

interface Over {
  readonly to?: Partial<Host>;
  readonly config?: Partial<CloudConfig>;
  readonly allow?: readonly Disruption[];
  readonly profile?: string;
}

/** What is said of the live migration of a server of 4 GiB to h2. */
function said(
  server: Parameters<typeof aServer>[2],
  { to = slow, config = {}, allow = [], profile = 'zed' }: Over = {},
  method: 'live' | 'cold' = 'live',
): string {
  const cloud = aCloud({
    hosts: [aHost('h1'), aHost('h2', to)],
    servers: [aServer('s1', 'h1', server)],
    config: { ...someConfig, ...config },
  });
  const context = aContext(cloud, { allow, profile: shippedProfile(profile) });
  return warn(dirtyRate, context, 's1', 'h2', { storage: 'volume', method }).join('; ');
}

describe('dirty-rate', () => {
  it('predicts no end where the server writes faster than the network carries', () => {
    expect(said({ dirtyRateMiBps: 120 })).toContain(
      'server s1 writes 120 MiB/s of memory and the way to host h2 carries 112: a live migration is predicted not to end in time; after 3200 s Nova aborts it; what would end it: ',
    );
    expect(said({ dirtyRateMiBps: 100 })).toBe('');
    expect(said({ dirtyRateMiBps: 120 }, { to: {} })).toBe('');
  });

  it('takes the cap of nova.conf for the bandwidth, and the timeout for the end', () => {
    expect(
      said({ dirtyRateMiBps: 120 }, { to: {}, config: { migrationBandwidthMbps: known(1000) } }),
    ).toContain('carries 119');
    // 4 GiB in 36.5 s, rounds of 45 % the one before: 66 s; 4 GiB get 3200 s by default
    const hasty = { completionTimeoutSecondsPerGiB: known(16) };
    expect(said({ dirtyRateMiBps: 50 }, { config: hasty })).toContain('after 64 s Nova aborts it');
    expect(said({ dirtyRateMiBps: 50 })).toBe('');
    const never = { completionTimeoutSecondsPerGiB: known(0) };
    expect(said({ dirtyRateMiBps: 120 }, { config: never })).toContain('; Nova waits for ever; ');
  });

  it('expects an end where the working set fits under the highest limit', () => {
    // 56 MiB take 499 ms, 57 take 508
    expect(said({ dirtyRateMiBps: 120, workingSetMiB: 56 })).toBe('');
    expect(said({ dirtyRateMiBps: 120, workingSetMiB: 57 })).not.toBe('');
  });

  it('is silent without a measured rate, a known network, and cold', () => {
    expect(said({})).toBe('');
    expect(said({ dirtyRateMiBps: 120 }, {}, 'cold')).toBe('');
    const unknown = { hosts: [aHost('h1', { nics: [] }), aHost('h2', { nics: [] })] };
    const context = aContext(
      aCloud({ ...unknown, servers: [aServer('s1', 'h1', { dirtyRateMiBps: 9999 })] }),
    );
    expect(warn(dirtyRate, context, 's1', 'h2')).toEqual([]);
  });

  it('is silent where auto-converge slows the server down enough', () => {
    const config = { permitAutoConverge: known(true) };

    expect(said({ dirtyRateMiBps: 120 }, { config })).toBe('');
    // at a hundredth of its pace it still writes more than is carried
    expect(said({ dirtyRateMiBps: 100_000 }, { config })).toContain('aborts it');
  });

  it('tells how Nova ends it by force, where its release and nova.conf do', () => {
    const forces = { timeoutAction: known('force_complete' as const) };
    const copies = { ...forces, permitPostCopy: known(true) };

    expect(said({ dirtyRateMiBps: 120 }, { config: forces })).toContain(
      'after 3200 s Nova pauses it for 37 s;',
    );
    expect(said({ dirtyRateMiBps: 120 }, { config: copies })).toContain(
      'after 3200 s Nova switches it to post-copy;',
    );
    expect(said({ dirtyRateMiBps: 120 }, { config: forces, profile: 'rhosp-13' })).toContain(
      'Nova aborts it;',
    );
  });

  it('names what would end it, as tried on the model, with the words that were not given', () => {
    const remedies = (server: Parameters<typeof aServer>[2], over: Over = {}): readonly string[] =>
      said(server, over)
        .replace(/^.*what would end it: /, '')
        .split(', or ');

    expect(remedies({ dirtyRateMiBps: 120, workingSetMiB: 100 })).toEqual([
      'live_migration_permit_auto_converge on host h1 (--allow auto-converge) slows it to 40 %',
      'live_migration_permit_post_copy on host h1 (--allow post-copy), then forcing it to end',
      'live_migration_downtime of 1200 ms on host h1',
      'a way that carries 121 MiB/s',
      'forcing it to end (--allow pause): it stands still for 2 s',
      'a cold migration (--allow cold): 70 s down',
    ]);
    const words = remedies(
      { dirtyRateMiBps: 120, workingSetMiB: 100, extraSpecs: { 'resources:VGPU': '1' } },
      { allow: ['auto-converge', 'pause', 'cold'] },
    );
    expect(words).toHaveLength(5); // no post-copy with a virtual GPU
    expect(words.join()).not.toContain('--allow');
    // 4 GiB left are 37 s: no downtime limit that anybody sets
    expect(remedies({ dirtyRateMiBps: 120 }).join()).not.toContain('live_migration_downtime');
  });
});

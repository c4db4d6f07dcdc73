import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../../src/model/server.ts';
import type { Host } from '../../../src/model/host.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import { transferOf } from '../../../src/replay/transfer/transfer.ts';
import { aCloud, aContext, aHost, anArrival, aServer } from '../../support/builders.ts';
import type { Arrival } from '../../../src/constraints/arrival.ts';

const gib = 2 ** 30;
const stopped = { vmState: 'stopped', status: 'SHUTOFF', powerState: 'shutdown' } as const;

/** What it costs to bring server `a` from h1 to h2. */
function costOf(
  server: Partial<Server> & { readonly memoryGiB?: number } = {},
  over: Partial<Arrival> = {},
  { to = {}, config = {} }: { readonly to?: Partial<Host>; readonly config?: Partial<CloudConfig> } = {},
) {
  const cloud = aCloud({ hosts: [aHost('h1'), aHost('h2', to)], servers: [aServer('a', 'h1', server)] });
  const changed = { ...cloud, config: { ...cloud.config, ...config } };
  return transferOf(anArrival(aContext(changed), 'a', 'h2', { storage: 'volume', ...over }), changed);
}

describe('transferOf', () => {
  it('sends memory at what frames leave of the slower NIC', () => {
    const fast = costOf({ memoryGiB: 64, dirtyRateMiBps: 0 });
    const slow = costOf(
      { memoryGiB: 64, dirtyRateMiBps: 0 },
      {},
      { to: { nics: [{ name: 'e', bandwidthMbps: 1000 }] } },
    );

    // 64 GiB at 1448/1538 of 1.25 GB/s are 58.4 s, of 0.125 GB/s 583.9 s; 8 s go before and after
    expect([fast.seconds.expected, fast.mbps]).toEqual([67, 10_000]);
    expect([slow.seconds.expected, slow.mbps]).toEqual([592, 1000]);
    // others use the link too
    expect([fast.seconds.low, fast.seconds.high]).toEqual([67, 125]);
  });

  it('keeps to the cap on one migration', () => {
    const capped = { config: { migrationBandwidthMbps: { value: 2000, known: true } } };
    const cost = costOf({ memoryGiB: 64, dirtyRateMiBps: 0 }, {}, capped);

    // the cap is on payload: 64 GiB at 0.25 GB/s are 274.9 s
    expect([cost.mbps, cost.seconds.expected]).toEqual([2000, 283]);
  });

  it('assumes 10 Gbit/s for a host without known NICs', () => {
    expect(costOf({}, {}, { to: { nics: [] } }).mbps).toBe(10_000);
  });

  it('never takes longer than Nova waits before it aborts or forces the end', () => {
    const wild = { memoryGiB: 64, dirtyRateMiBps: 100_000 };
    const config = { completionTimeoutSecondsPerGiB: { value: 2, known: true } };

    expect(costOf(wild, {}, { config }).seconds.expected).toBe(128 + 8);
  });

  it('is down for what is left when it stops, and a little more', () => {
    // 64 GiB, 561 MiB/s dirty of 1122: 58.4 s, and 10 rounds of half the one before leave 57 ms; the limit of 50 takes one more
    const cost = costOf({ memoryGiB: 64, dirtyRateMiBps: 561 });

    expect([cost.downtimeMs, cost.seconds.expected]).toEqual([329, 125]);
  });

  it('stands still for the rest where Nova pauses it, and for a moment where post-copy takes over', () => {
    const wild = { memoryGiB: 4, dirtyRateMiBps: 100_000 };
    const paused = { timeoutAction: { value: 'force_complete', known: true } } as const;
    const copied = { ...paused, permitPostCopy: { value: true, known: true } };

    // given up after 800 s a GiB; what remains is all of its memory, 3.65 s
    expect(costOf(wild).seconds.expected).toBe(3208);
    const pause = costOf(wild, {}, { config: paused });
    expect([pause.seconds.expected, pause.downtimeMs]).toEqual([3212, 3950]);
    const postCopy = costOf(wild, {}, { config: copied });
    expect([postCopy.seconds.expected, postCopy.downtimeMs]).toEqual([3212, 300]);
  });

  it('stands still for no more than the working set takes', () => {
    const config = { timeoutAction: { value: 'force_complete', known: true } } as const;
    const small = { memoryGiB: 4, dirtyRateMiBps: 100_000, workingSetMiB: 1024 };

    // 1 GiB in 912 ms
    expect(costOf(small, {}, { config }).downtimeMs).toBe(1213);
  });

  it('ends by itself where the hypervisor may slow the guest down', () => {
    const config = { permitAutoConverge: { value: true, known: true } };
    const cost = costOf({ memoryGiB: 4, dirtyRateMiBps: 1200 }, {}, { config });

    expect(cost.seconds.expected).toBeLessThan(60);
  });

  it('sends what the host holds of its memory, no more', () => {
    const resident = costOf({ memoryGiB: 64, residentMemoryMiB: 16_384, dirtyRateMiBps: 0 });
    const used = costOf({ memoryGiB: 64, usage: { memoryUsedMiB: 16_384 }, dirtyRateMiBps: 0 });

    expect([resident.bytes, used.bytes]).toEqual([16 * gib, 16 * gib]);
    // what the guest calls free may have been touched: then all 64 GiB go, over half the link
    expect([resident.seconds.high, used.seconds.high]).toEqual([38, 125]);
  });

  it('does not dirty the memory of a paused server, nor stops it', () => {
    const paused = { vmState: 'paused', powerState: 'paused', dirtyRateMiBps: 100_000 } as const;

    expect(costOf({ ...paused, memoryGiB: 64 })).toMatchObject({ bytes: 64 * gib, downtimeMs: 0 });
  });

  it('feeds a fast link by one channel, by more where nova.conf has them, by fewer bytes with TLS', () => {
    const fast = { nics: [{ name: 'e', bandwidthMbps: 100_000 }] };
    const secondsWith = (config: Partial<CloudConfig>) => {
      const cloud = aCloud({
        hosts: [aHost('h1', fast), aHost('h2', fast)],
        servers: [aServer('a', 'h1', { memoryGiB: 256, dirtyRateMiBps: 0 })],
      });
      const changed = { ...cloud, config: { ...cloud.config, ...config } };
      return transferOf(anArrival(aContext(changed), 'a', 'h2', { storage: 'volume' }), changed).seconds
        .expected;
    };

    // 274.9 GB at 2, 8, 1 and 0.5 GB/s
    expect(secondsWith({})).toBe(146);
    expect(secondsWith({ parallelConnections: { value: 4, known: true } })).toBe(43);
    expect(secondsWith({ nativeTls: { value: true, known: true } })).toBe(283);
    expect(secondsWith({ tunnelled: { value: true, known: true } })).toBe(558);
  });

  it('mirrors disks while the guest writes to them, at what that leaves of the link', () => {
    const disks = { memoryGiB: 4, dirtyRateMiBps: 0 };
    const calm = costOf(disks, { storage: 'block' });
    const busy = costOf({ ...disks, diskWriteMiBps: 561 }, { storage: 'block' });

    // 14 GiB at 1.177 GB/s; at half of that, as many bytes once more
    expect([calm.seconds.expected, busy.seconds.expected]).toEqual([21, 34]);
    expect(busy.bytes / calm.bytes).toBeCloseTo(2, 1);
    expect(costOf({ ...disks, diskWriteMiBps: 561 }).bytes).toBe(4 * gib);
  });

  it('copies raw disks whole by scp, packs them by rsync', () => {
    const cold = (config: Partial<CloudConfig>) =>
      costOf(stopped, { method: 'cold', storage: 'block' }, { config }).seconds;
    const raw = { imagesType: { value: 'raw', known: true } };

    // 10 GiB, of qcow2 perhaps half of it, at 1, 0.4 and 0.1 GB/s, and 5, 10 and 30 s
    expect(cold({})).toEqual({ low: 11, expected: 37, high: 138 });
    expect(cold(raw)).toEqual({ low: 16, expected: 37, high: 138 });
    expect(cold({ ...raw, remoteTransport: { value: 'rsync', known: true } })).toEqual({
      low: 19,
      expected: 82,
      high: 245,
    });
  });

  it('waits for the base image where the destination is known not to have it', () => {
    const lacking = { to: { cachedImages: new Set(['other']) } };
    const cold = { method: 'cold', storage: 'block' } as const;
    const server = { ...stopped, imageId: 'i1' };

    // 2.5 of 10 GiB at 1.177 GB/s
    expect(costOf(server, cold, lacking).seconds.expected).toBe(40);
    expect(costOf(server, cold).seconds.expected).toBe(37);
    expect(costOf(server, { ...cold, storage: 'shared' }, lacking).seconds.expected).toBe(10);
  });

  it('copies local disks of a live migration besides its memory', () => {
    const block = costOf({ dirtyRateMiBps: 0 }, { storage: 'block' });

    expect(block.bytes).toBe(4 * gib + 10 * gib);
  });

  it('takes the flavor where no source lists the disks', () => {
    const { localDisks: listed, ...bare } = aServer('a', 'h1', stopped);
    const cloud = aCloud({
      servers: [{ ...bare, flavor: { ...bare.flavor, ephemeralGiB: 5, swapMiB: 2048 } }],
    });

    const cost = transferOf(
      anArrival(aContext(cloud), 'a', 'h2', { method: 'cold', storage: 'block' }),
      cloud,
    );

    expect(listed).toEqual([{ kind: 'root', sizeGiB: 10 }]);
    expect(cost.bytes).toBe(15 * gib); // swap is not copied
  });

  it('needs no link and no downtime for a stopped server on shared storage', () => {
    expect(costOf(stopped, { method: 'cold', storage: 'shared' })).toEqual({
      bytes: 0,
      seconds: { low: 5, expected: 10, high: 30 },
      downtimeMs: 0,
      downtimeHighMs: 0,
      mbps: 0,
    });
  });

  it('has a running server down for the whole of its cold migration', () => {
    const cost = costOf({}, { method: 'cold', storage: 'block' });

    // overhead 10, shutdown 30, 10 GiB at 0.4 GB/s, boot 30; at worst 30, 60, 10 GiB at 0.1 GB/s, 120
    expect([cost.seconds.expected, cost.downtimeMs]).toEqual([97, 97_000]);
    expect([cost.seconds.high, cost.downtimeHighMs]).toEqual([318, 318_000]);
  });

  it('gives ends that stand in order, all whole numbers', () => {
    const server = fc.record({
      memoryGiB: fc.integer({ min: 1, max: 4096 }),
      dirtyRateMiBps: fc.integer({ min: 0, max: 1_000_000 }),
      workingSetMiB: fc.integer({ min: 0, max: 5_000_000 }),
      diskWriteMiBps: fc.integer({ min: 0, max: 5000 }),
      usage: fc.record({ memoryUsedMiB: fc.integer({ min: 0, max: 5_000_000 }) }),
      vmState: fc.constantFrom('active', 'stopped', 'paused'),
    });
    fc.assert(
      fc.property(
        server,
        fc.constantFrom('live', 'cold'),
        fc.constantFrom('block', 'shared'),
        fc.boolean(),
        (given, method, storage, brakes) => {
          const config = { permitAutoConverge: { value: brakes, known: true } };
          const { bytes, seconds, downtimeMs, downtimeHighMs } = costOf(
            given,
            { method, storage },
            { config },
          );
          const { low, expected, high } = seconds;

          expect([bytes, low, expected, high, downtimeMs, downtimeHighMs].every(Number.isSafeInteger)).toBe(
            true,
          );
          expect(low <= expected && expected <= high && downtimeMs <= downtimeHighMs).toBe(true);
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
  });
});

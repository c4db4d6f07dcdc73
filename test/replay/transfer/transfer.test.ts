import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../../src/model/server.ts';
import type { Host } from '../../../src/model/host.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import { precopy, transferOf } from '../../../src/replay/transfer/transfer.ts';
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

describe('precopy', () => {
  it('sends the memory once when nothing is written', () => {
    expect(precopy(10 * gib, gib, 0)).toEqual({ bytes: 10 * gib, seconds: 10, downtimeMs: 300 });
  });

  it('sends rounds that shrink by the dirty share until the rest fits the downtime limit', () => {
    const { bytes, seconds, downtimeMs } = precopy(8 * gib, gib, gib / 2);

    // 8 + 4 + 2 + 1 + 0.5 GiB at 1 GiB/s; the last half GiB takes 500 ms
    expect({ gib: bytes / gib, seconds, downtimeMs }).toEqual({ gib: 15.5, seconds: 15.5, downtimeMs: 800 });
  });

  it('needs no round for memory that fits the downtime limit', () => {
    expect(precopy(gib / 4, gib, gib * 4)).toMatchObject({ bytes: gib / 4, downtimeMs: 550 });
  });

  it('is bounded when the guest writes faster than the link carries', () => {
    expect(precopy(8 * gib, gib, 100 * gib)).toMatchObject({ bytes: 31 * 8 * gib, seconds: 248 });
  });

  it('is finite and grows with memory and with the dirty rate', () => {
    const amount = fc.double({ min: 0, max: 1e13, noNaN: true });
    fc.assert(
      fc.property(
        amount,
        fc.double({ min: 1, max: 1e11, noNaN: true }),
        amount,
        (memory, bandwidth, dirty) => {
          const cost = precopy(memory, bandwidth, dirty);
          const clean = precopy(memory, bandwidth, 0);

          expect(Object.values(cost).every(Number.isFinite)).toBe(true);
          expect(cost.bytes).toBeGreaterThanOrEqual(clean.bytes * (1 - 1e-9));
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('transferOf', () => {
  it('sends memory at 80 % of the slower NIC', () => {
    const fast = costOf({ memoryGiB: 64, dirtyRateMiBps: 0 });
    const slow = costOf(
      { memoryGiB: 64, dirtyRateMiBps: 0 },
      {},
      { to: { nics: [{ name: 'e', bandwidthMbps: 1000 }] } },
    );

    // 64 GiB at 1 GB/s are 68.72 s, at 0.1 GB/s 687.2 s; 8 s go before and after
    expect([fast.seconds.expected, fast.mbps]).toEqual([77, 10_000]);
    expect([slow.seconds.expected, slow.mbps]).toEqual([696, 1000]);
  });

  it('keeps to the cap on one migration', () => {
    const cost = costOf({}, {}, { config: { migrationBandwidthMbps: { value: 2000, known: true } } });

    expect(cost.mbps).toBe(2000);
  });

  it('assumes 10 Gbit/s for a host without known NICs', () => {
    expect(costOf({}, {}, { to: { nics: [] } }).mbps).toBe(10_000);
  });

  it('never takes longer than Nova waits before it aborts or forces the end', () => {
    const wild = { memoryGiB: 64, dirtyRateMiBps: 100_000 };
    const config = { completionTimeoutSecondsPerGiB: { value: 2, known: true } };

    expect(costOf(wild, {}, { config }).seconds.expected).toBe(128 + 8);
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
      mbps: 0,
    });
  });

  it('has a running server down for the whole of its cold migration', () => {
    const cost = costOf({}, { method: 'cold', storage: 'block' });

    // overhead 10, shutdown 30, 10 GiB at 1 GB/s, boot 30
    expect([cost.seconds.expected, cost.downtimeMs]).toEqual([81, 81_000]);
  });

  it('gives ends that stand in order, all whole numbers', () => {
    const server = fc.record({
      memoryGiB: fc.integer({ min: 1, max: 4096 }),
      dirtyRateMiBps: fc.integer({ min: 0, max: 1_000_000 }),
      usage: fc.record({ memoryUsedMiB: fc.integer({ min: 0, max: 5_000_000 }) }),
      vmState: fc.constantFrom('active', 'stopped', 'paused'),
    });
    fc.assert(
      fc.property(
        server,
        fc.constantFrom('live', 'cold'),
        fc.constantFrom('block', 'shared'),
        (given, method, storage) => {
          const { bytes, seconds, downtimeMs } = costOf(given, { method, storage });
          const { low, expected, high } = seconds;

          expect([bytes, low, expected, high, downtimeMs].every(Number.isSafeInteger)).toBe(true);
          expect(low <= expected && expected <= high).toBe(true);
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
  });
});

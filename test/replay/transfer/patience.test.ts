import { describe, expect, it } from 'vitest';
import type { LocalDisk } from '../../../src/model/server.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import { patienceOf } from '../../../src/replay/transfer/patience.ts';
import { aCloud, aServer, someConfig } from '../../support/builders.ts';

const known = <Value>(value: Value) => ({ value, known: true });

const patienceWith = (
  memoryGiB: number,
  disks: readonly LocalDisk[] = [],
  config: Partial<CloudConfig> = {},
) =>
  patienceOf(
    aServer('a', 'h1', { memoryGiB }),
    disks,
    undefined,
    aCloud({ config: { ...someConfig, ...config } }),
  );

describe('the patience of Nova', () => {
  it('rises by 45 ms every 10 minutes for a server of 8 GiB, and ends after 800 s a GiB', () => {
    const { limits, seconds } = patienceWith(8);

    expect(limits).toHaveLength(11);
    expect(limits.slice(0, 3)).toEqual([
      { fromSeconds: 0, milliseconds: 50 },
      { fromSeconds: 600, milliseconds: 95 },
      { fromSeconds: 1200, milliseconds: 140 },
    ]);
    expect([limits.at(-1), seconds]).toEqual([{ fromSeconds: 6000, milliseconds: 500 }, 6400]);
  });

  it('keeps to the settings: 400 ms in 10 steps of 30 s a GiB', () => {
    const { limits } = patienceWith(3, [], {
      downtimeLimitMs: known(400),
      downtimeDelaySecondsPerGiB: known(30),
    });

    expect(limits.map(({ milliseconds }) => milliseconds)).toEqual([
      40, 76, 112, 148, 184, 220, 256, 292, 328, 364, 400,
    ]);
    expect(limits[1]?.fromSeconds).toBe(90);
  });

  it('counts memory and each copied disk as two GiB at least', () => {
    expect(patienceWith(1).seconds).toBe(1600);
    const disks = [
      { kind: 'root', sizeGiB: 10 },
      { kind: 'swap', sizeGiB: 1 },
    ] as const;
    expect(patienceWith(8, disks).seconds).toBe(800 * (8 + 10 + 2));
  });

  it('takes no fewer than Nova does, and its default where Nova waits for ever', () => {
    const odd = { downtimeLimitMs: known(10), downtimeSteps: known(0), downtimeDelaySecondsPerGiB: known(0) };

    expect(patienceWith(2, [], odd).limits).toEqual([
      { fromSeconds: 0, milliseconds: 33 },
      { fromSeconds: 6, milliseconds: 55 },
      { fromSeconds: 12, milliseconds: 77 },
      { fromSeconds: 18, milliseconds: 100 },
    ]);
    expect(patienceWith(8, [], { completionTimeoutSecondsPerGiB: known(0) }).seconds).toBe(6400);
  });
});

import { expect, it } from 'vitest';
import { createState } from '../../src/replay/state.ts';
import { aMixedCell, aNumaCloud, aTwinHost, numaServer } from '../profiles/support.ts';
import { aContext, hostId, serverId, shippedProfile } from '../support/builders.ts';

it('a live migration claims cells without ratios where the release gives its claim no limits', () => {
  // Cell 0 floats as many vCPUs as its ratio allows: the scheduler sees room on cell 1 alone.
  const cells = [{ ...aMixedCell(0), sharedCpusUsed: 2 }, aMixedCell(1)];
  const cloud = aNumaCloud({
    hosts: [
      aTwinHost('h1'),
      aTwinHost('h2', [], {
        cells,
        cpuAllocationRatio: 1,
        config: { cellOrder: { value: 'pack', known: true } },
      }),
    ],
    servers: [numaServer('s', 'h1')],
  });
  const chosen = (profile: string, method: 'live' | 'cold') =>
    createState(aContext(cloud, { profile: shippedProfile(profile) }))
      .predict(serverId('s'), hostId('h2'), method)
      ?.cells.map((cell) => cell.hostCellId);

  expect(chosen('zed', 'live')).toEqual([0]);
  expect(chosen('zed', 'cold')).toEqual([1]);
  expect(chosen('latest', 'live')).toEqual([1]);
});

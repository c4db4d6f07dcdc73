import { type Check, type Finding, ok, problem, unknown } from '../check.ts';
import { again } from './options.ts';

/** Clocks of hosts are right. */
export const clocks: Check = {
  id: 'clocks',
  looksAt: 'reports',
  needed: 'the clock of every host follows a time server',
  why: 'Nova takes a host for down by the time of its last report, and tokens by theirs; guests take over the clock of their host when they arrive',
  fine: 'all follow a time server',
  examine: (reports) =>
    [...reports.values()].map(({ clockIsSynchronized: right, host }): Finding => {
      if (right === undefined) return unknown([host], 'nobody told', again);
      return right
        ? ok([host], 'follows a time server')
        : problem([host], 'does not follow a time server', 'start chronyd or systemd-timesyncd there');
    }),
};

import { showName } from '../../shared/text.ts';
import { type Check, type Finding, unknown, warning } from '../check.ts';
import { again, optionOf } from './options.ts';

/** No host holds messages back at an older release. */
export const upgradeLevels: Check = {
  id: 'upgrade-levels',
  looksAt: 'reports',
  needed: '[upgrade_levels] compute is not set, or auto',
  why: 'it is set for an upgrade; when it stays, nova-compute is asked by the words of the old release (Nova admin guide, upgrades)',
  fine: 'no host is pinned to an older release',
  examine: (reports) =>
    [...reports.values()].flatMap((report): Finding[] => {
      const value = optionOf(report, 'upgrade_levels.compute', 'auto');
      if (value === undefined) return [unknown([report.host], 'was not recorded', again)];
      return value === 'auto'
        ? []
        : [
            warning(
              [report.host],
              `is ${showName(value)}`,
              'remove it when the upgrade is done, and restart the services',
            ),
          ];
    }),
};

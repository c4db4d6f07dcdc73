import type { HostReports } from '../../model/host-report.ts';
import { compareText, groupBy } from '../../shared/collections.ts';
import { firstOf, showName } from '../../shared/text.ts';
import { type Check, type Finding, unknown, warning } from '../check.ts';
import { again } from './options.ts';

/** Hosts run the same packages and kernel. */
export const packages: Check = {
  id: 'host-packages',
  looksAt: 'reports',
  needed: 'nova-compute, QEMU, libvirt and the kernel are of one version on all hosts',
  why: 'mixed versions make migrations one-way, or fail half-way in QEMU; kernels differ in the CPU features that they show',
  fine: 'versions that were told are the same',
  examine(reports) {
    const silent = [...reports.values()].filter(({ versions }) => versions.size === 0);
    const names = new Set([...reports.values()].flatMap(({ versions }) => [...versions.keys()]));
    return [
      ...[...names].toSorted(compareText).flatMap((name) => ofPackage(name, reports)),
      ...(silent.length === 0
        ? []
        : [
            unknown(
              silent.map(({ host }) => host),
              'no versions were recorded',
              again,
            ),
          ]),
    ];
  },
};

function ofPackage(name: string, reports: HostReports): readonly Finding[] {
  const byVersion = groupBy(reports.values(), ({ versions }) => versions.get(name));
  byVersion.delete(undefined);
  if (byVersion.size < 2) return [];
  const list = [...byVersion]
    .map(([version = '', of]) => `${showName(version)} on ${firstOf(of.map(({ host }) => host))}`)
    .join('; ');
  return [warning([name], `differs: ${list}`, 'bring all hosts to one version, a drained host at a time')];
}

import type { Host } from '../../model/host.ts';
import type { RuleContext } from '../context.ts';
import { settingOf } from '../settings.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * A live migration that copies disks copies an iso9660 config drive by itself: Nova does so over SSH or rsync as its
 * own user, which must be able to log in at the other host; from 31.0.0 it leaves that to libvirt, which may leave
 * the drive behind. The destination's `config_drive_format` decides.
 *
 * Source: virt/libvirt/driver.py pre_live_migration.
 */
export const configDriveCopy: WarningRule = {
  id: 'config-drive-copy',
  summary: 'live migrations copy config drives',
  onArrival({ server, to, method, storage }, { context }) {
    if (method !== 'live' || storage !== 'block' || server.configDrive !== true) return [];
    const text = textOf(context.cloud.hosts.get(to), context);
    return text === undefined ? [] : [{ text, servers: [server.id], host: to }];
  },
};

function textOf(to: Host | undefined, { cloud, profile }: RuleContext): string | undefined {
  if (settingOf(to, cloud, 'configDriveFormat') !== 'iso9660') return undefined;
  switch (profile.switches.isoConfigDriveLive) {
    case 'copied':
      return 'Nova copies the iso9660 config drive over SSH: its user must be able to log in between the hosts';
    case 'libvirt':
      return 'libvirt is to copy the iso9660 config drive: check afterwards that it came along';
    case 'refused':
      return undefined;
  }
}

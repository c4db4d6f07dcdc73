import type { Server } from '../../model/server.ts';
import type { RuleContext } from '../context.ts';
import { homeOf, obstacle, obstacleInWords, orCold, pairRule } from '../pair-rule.ts';
import { type Unknown, yes } from '../rule.ts';
import { settingOf } from '../settings.ts';

/**
 * A live migration that copies disks leaves a read-only config drive (iso9660) behind, says the vendor's text; upstream
 * Nova copies it over SSH (14.0.0 to 30.x). One in vfat is a disk like others. Where the drive's own format is not
 * known, that of nova.conf counts.
 *
 * Source: virt/libvirt/driver.py pre_live_migration (config_drive_format).
 */
export const configDrive = pairRule({
  id: 'config-drive',
  askedBy: 'hosts',
  signatureOf: (server, context) => (isIso(server, context) ? `iso9660 ${String(server.configDrive)}` : ''),
  judge({ server, method, storage }, context) {
    if (method !== 'live' || storage !== 'block') return yes;
    if (context.profile.switches.isoConfigDriveLive !== 'refused' || !isIso(server, context)) return yes;
    if (server.configDrive === undefined) return unknownDrive;
    return obstacle(
      server.name,
      `its config drive is read-only (iso9660) and would have to be copied${orCold(context)}`,
    );
  },
  describe: obstacleInWords,
});

function isIso(server: Server, { cloud }: RuleContext): boolean {
  if (server.configDrive === false) return false;
  return (
    (server.configDriveFormat ?? settingOf(homeOf(server, cloud), cloud, 'configDriveFormat')) === 'iso9660'
  );
}

const unknownDrive: Unknown = {
  kind: 'unknown',
  missing: ['servers[].configDrive'],
  safe: 'no',
  assumption:
    'whether some servers have a config drive is not known: they do not migrate live where it would be copied',
};

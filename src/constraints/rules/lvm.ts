import type { Host } from '../../model/host.ts';
import { homeOf, obstacle, obstacleInWords, type Pair, pairRule } from '../pair-rule.ts';
import type { RuleContext } from '../context.ts';
import { yes } from '../rule.ts';
import { settingOf } from '../settings.ts';

/**
 * Local disks on LVM are not copied: a cold migration is refused unless the server boots from a volume, and a live one
 * that would copy disks is not supported.
 *
 * Source: virt/libvirt/driver.py migrate_disk_and_power_off.
 */
export const lvm = pairRule({
  id: 'lvm',
  askedBy: 'hosts',
  signatureOf: (server, context) =>
    `${imagesTypeOf(homeOf(server, context.cloud), context)} ${String(server.bootFromVolume)}`,
  judge(pair, context) {
    if (imagesTypeOf(pair.from, context) !== 'lvm' || !isCopied(pair)) return yes;
    const how = pair.method === 'cold' ? 'Nova does not migrate it cold' : 'it cannot be copied live';
    return obstacle(pair.server.name, `its disk is on LVM of host ${pair.from?.id ?? ''}: ${how}`);
  },
  describe: obstacleInWords,
});

function isCopied({ server, method, storage }: Pair): boolean {
  if (method === 'evacuate') return false;
  return method === 'cold' ? server.bootFromVolume !== true : storage === 'block';
}

/** Of the storage pool where one is known, else `[libvirt] images_type` of the host. */
function imagesTypeOf(host: Host | undefined, { cloud }: RuleContext): string {
  const pool = host?.storagePool === undefined ? undefined : cloud.storagePools.get(host.storagePool);
  return pool?.imagesType ?? settingOf(host, cloud, 'imagesType');
}

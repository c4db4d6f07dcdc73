import type { WarningRule } from '../warning-rule.ts';

/**
 * The image of a server whose disks are copied is not in the cache of its destination: it is fetched first, from
 * Glance, or from the source host where Glance has it no more.
 *
 * Source: virt/libvirt/driver.py _fetch_instance_kernel_ramdisk, _try_fetch_image_cache.
 */
export const baseImage: WarningRule = {
  id: 'base-image',
  summary: 'destinations fetch base images first',
  onArrival({ server, to, storage }, { context: { cloud } }) {
    const cached = cloud.hosts.get(to)?.cachedImages;
    const { imageId, bootFromVolume } = server;
    if (storage !== 'block' || bootFromVolume === true || imageId === undefined || cached === undefined)
      return [];
    if (cached.has(imageId)) return [];
    return [
      {
        text: `host ${to} fetches image ${imageId} first: its cache does not have it`,
        servers: [server.id],
        host: to,
      },
    ];
  },
};

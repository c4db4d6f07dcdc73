import { runsFilter } from '../aggregates.ts';
import { obstacle, pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * Isolated images run on isolated hosts only, and these take nothing else unless that is allowed
 * (`restrict_isolated_hosts_to_isolated_images`). Holds where IsolatedHostsFilter is enabled.
 *
 * Source: scheduler/filters/isolated_hosts_filter.py.
 */
export const isolatedHosts = pairRule({
  id: 'isolated-hosts',
  askedBy: 'scheduler',
  signatureOf: ({ imageId }, { cloud }) =>
    String(imageId !== undefined && cloud.config.isolatedImages.value.includes(imageId)),
  judge({ server, to }, { cloud }) {
    if (!runsFilter(cloud, 'IsolatedHostsFilter')) return yes;
    const { isolatedHosts: hosts, isolatedImages: images, restrictIsolatedHosts } = cloud.config;
    const kept = hosts.value.includes(to.id);
    const isolated = server.imageId !== undefined && images.value.includes(server.imageId);
    if (isolated && !kept) return obstacle(to.id, 'its image is for isolated hosts only');
    if (kept && !isolated && restrictIsolatedHosts.value)
      return obstacle(to.id, 'isolated hosts take isolated images only');
    return yes;
  },
  describe: ({ where, names }) => `host ${where}: ${(names ?? []).join(', ')}`,
});

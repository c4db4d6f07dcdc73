import type { Cloud } from './cloud.ts';
import type { HostId } from './ids.ts';

/** A cloud in which the services of these hosts are down, whatever the inventory says. */
export function withDown(cloud: Cloud, down: readonly HostId[]): Cloud {
  if (down.length === 0) return cloud;
  const hosts = new Map(cloud.hosts);
  for (const id of down) {
    const host = hosts.get(id);
    if (host !== undefined) hosts.set(id, { ...host, service: { ...host.service, state: 'down' } });
  }
  return { ...cloud, hosts };
}

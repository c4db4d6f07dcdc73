import { z } from 'zod';
import { createAdmin } from './admin.ts';
import type { Ports } from './ports.ts';
import { processId, pythonTask, runTask, signalProcess } from './processes.ts';
import { runningPorts } from './running-lab.ts';
import { waitFor } from './wait.ts';

const Services = z.object({
  services: z.array(z.object({ host: z.string(), state: z.enum(['up', 'down']) })),
});

/** Waits until Nova says so of each host. */
export async function hostsAre(
  state: 'up' | 'down',
  hosts: readonly string[],
  ports: Ports = runningPorts(),
): Promise<void> {
  const admin = await createAdmin(ports);
  await waitFor({ what: `${hosts.join(', ')} to be ${state}`, seconds: 120 }, async () => {
    const { services } = await admin.read('compute', '/os-services?binary=nova-compute', Services);
    return hosts.every((host) => services.some((one) => one.host === host && one.state === state));
  });
}

/** Starts nova-compute of the hosts, and waits until Nova counts on them. */
export async function startHosts(...hosts: readonly string[]): Promise<void> {
  const stopped = hosts.filter((host) => processId(service(host)) === undefined);
  if (stopped.length > 0) await runTask('nova', pythonTask('nova_services.py', 'compute', ...stopped));
  await hostsAre('up', hosts);
}

/** Ends nova-compute of a host politely; its guests stay. */
export const stopHost = (host: string) => signalProcess(service(host), 'SIGTERM');

/** Ends nova-compute of a host at once, in the middle of whatever it does; its guests stay. */
export const killHost = (host: string) => signalProcess(service(host), 'SIGKILL');

const service = (host: string) => `compute-${host}`;

import { z } from 'zod';
import { type Admin, createAdmin } from './admin.ts';
import type { Ports } from './ports.ts';
import { processId, pythonTask, runTask, signalProcess } from './processes.ts';
import { runningPorts } from './running-lab.ts';
import { waitFor } from './wait.ts';

const Service = z.object({
  host: z.string(),
  state: z.enum(['up', 'down']),
  /** When it reported last, in whole seconds. */
  updated_at: z.string().nullable(),
});
const Services = z.object({ services: z.array(Service) });

type Service = z.infer<typeof Service>;

/** Waits until Nova says so of each host. */
export const hostsAre = (
  state: 'up' | 'down',
  hosts: readonly string[],
  ports: Ports = runningPorts(),
): Promise<void> => servicesAre(state, hosts, (service) => service.state === state, ports);

/**
 * Starts nova-compute of the hosts, and waits until Nova counts on them. A service that was killed a moment ago counts as
 * up still, by its last report: only one that has reported again does.
 */
export async function startHosts(...hosts: readonly string[]): Promise<void> {
  const stopped = hosts.filter((host) => processId(service(host)) === undefined);
  const reports = new Map((await services()).map(({ host, updated_at }) => [host, updated_at]));
  if (stopped.length > 0) await runTask('nova', pythonTask('nova_services.py', 'compute', ...stopped));
  await servicesAre(
    'up',
    hosts,
    ({ host, state, updated_at }) =>
      state === 'up' && !(stopped.includes(host) && updated_at === reports.get(host)),
  );
}

async function servicesAre(
  what: string,
  hosts: readonly string[],
  holds: (service: Service) => boolean,
  ports: Ports = runningPorts(),
): Promise<void> {
  const admin = await createAdmin(ports);
  await waitFor({ what: `${hosts.join(', ')} to be ${what}` }, async () => {
    const found = await services(admin);
    return hosts.every((host) => found.some((one) => one.host === host && holds(one)));
  });
}

async function services(given?: Admin): Promise<readonly Service[]> {
  const admin = given ?? (await createAdmin(runningPorts()));
  return (await admin.read('compute', '/os-services?binary=nova-compute', Services)).services;
}

/** Ends nova-compute of a host politely; its guests stay. */
export const stopHost = (host: string) => signalProcess(service(host), 'SIGTERM');

/** Ends nova-compute of a host at once, in the middle of whatever it does; its guests stay. */
export const killHost = (host: string) => signalProcess(service(host), 'SIGKILL');

const service = (host: string) => `compute-${host}`;

import { z } from 'zod';
import { type Admin, createAdmin } from './admin.ts';
import { runFile } from './places.ts';
import { runningPorts } from './running-lab.ts';
import { type ApiServer, listServers } from './server-action.ts';
import { type HostsSpec, type SeedSpec, readHosts, readSeed } from './spec.ts';
import { type Truth, readTruth } from './truth.ts';
import { waitFor } from './wait.ts';

/** What `services/behaviour.py` understands. */
export interface Behaviour {
  readonly 'lab.live.seconds'?: string;
  readonly 'lab.live.stall'?: 'yes';
  readonly 'lab.live.fail'?: 'check' | 'prepare' | 'driver' | 'copy' | 'arrive';
  readonly 'lab.cold.seconds'?: string;
  readonly 'lab.cold.fail'?: 'refuse' | 'copy' | 'arrive' | 'confirm';
  readonly 'lab.spawn.seconds'?: string;
  readonly 'lab.spawn.fail'?: 'yes';
}

const Services = z.object({ services: z.array(z.object({ id: z.string() })) });

/** The running lab, for tests. */
export interface Lab {
  readonly admin: Admin;
  /** A clouds.yaml with `lab`, an administrator, and `lab-member`, who is none. */
  readonly cloudsFile: string;
  readonly hosts: HostsSpec;
  readonly seed: SeedSpec;
  server(name: string): Promise<ApiServer>;
  /** Says how a server behaves from now on; what was said before is forgotten. */
  behave(server: string, behaviour: Behaviour): Promise<void>;
  /** Forgets what was said of how a server behaves. */
  forget(server: string): Promise<void>;
  /** Says how each server of the seed behaves from now on. */
  behaveAll(behaviour: (server: string) => Behaviour): Promise<void>;
  /** Deletes a server, and waits until Nova has forgotten it. */
  remove(server: string): Promise<void>;
  /** Enables every host. */
  enableHosts(): Promise<void>;
  truth(): Promise<Truth>;
}

export async function openLab(): Promise<Lab> {
  const admin = await createAdmin(runningPorts());
  const seed = readSeed(runFile('seed.json'));
  const server = async (name: string) => {
    const found = (await listServers(admin)).find((one) => one.name === name);
    if (found === undefined) throw new Error(`no server ${name} in the lab`);
    return found;
  };
  const behave = async (name: string, behaviour: Behaviour) => {
    const { id } = await server(name);
    await admin.change('compute', 'PUT', `/servers/${id}/metadata`, { metadata: behaviour });
  };
  return {
    admin,
    cloudsFile: runFile('clouds.yaml'),
    hosts: readHosts(runFile('hosts.json')),
    seed,
    server,
    behave,
    forget: (name) => behave(name, {}),
    behaveAll: async (behaviour) => {
      const seeded = new Set(seed.servers.map(({ name }) => name));
      for (const { name, id } of await listServers(admin)) {
        if (!seeded.has(name)) continue;
        const metadata = behaviour(name);
        await admin.change('compute', 'PUT', `/servers/${id}/metadata`, { metadata });
      }
    },
    remove: async (name) => {
      const { id } = await server(name);
      await admin.change('compute', 'DELETE', `/servers/${id}`);
      await waitFor({ what: `server ${name} to be gone` }, async () =>
        (await listServers(admin)).every((one) => one.id !== id),
      );
    },
    enableHosts: async () => {
      const { services } = await admin.read('compute', '/os-services?binary=nova-compute', Services);
      for (const { id } of services)
        await admin.change('compute', 'PUT', `/os-services/${id}`, { status: 'enabled' });
    },
    truth: () => readTruth(admin),
  };
}

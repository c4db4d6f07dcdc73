import { z } from 'zod';
import type { Admin } from './admin.ts';
import { waitFor } from './wait.ts';

/** A server as Nova's API shows it to an administrator. */
const Server = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  'OS-EXT-SRV-ATTR:host': z.string().nullable(),
  'OS-EXT-STS:task_state': z.string().nullable(),
  flavor: z.object({ original_name: z.string() }),
  metadata: z.record(z.string(), z.string()),
  server_groups: z.array(z.string()).optional(),
  fault: z.object({ message: z.string() }).optional(),
});

export type ApiServer = z.infer<typeof Server>;

export async function listServers(admin: Admin): Promise<ApiServer[]> {
  const Servers = z.object({ servers: z.array(Server) });
  return (await admin.read('compute', '/servers/detail?all_tenants=1', Servers)).servers;
}

export async function showServer(admin: Admin, id: string): Promise<ApiServer> {
  return (await admin.read('compute', `/servers/${id}`, z.object({ server: Server }))).server;
}

/** Waits until a server has one of these states and nothing is under way; an error that is not wanted fails. */
export async function settled(admin: Admin, id: string, ...wanted: readonly string[]): Promise<ApiServer> {
  return waitFor({ what: `server ${id} to be ${wanted.join(' or ')}` }, async () => {
    const server = await showServer(admin, id);
    if (server.status === 'ERROR' && !wanted.includes('ERROR'))
      throw new Error(`server ${server.name} is in ERROR: ${server.fault?.message ?? 'no fault told'}`);
    return wanted.includes(server.status) && server['OS-EXT-STS:task_state'] === null && server;
  });
}

export const act = (admin: Admin, id: string, action: Readonly<Record<string, unknown>>) =>
  admin.request('compute', 'POST', `/servers/${id}/action`, { body: action });

import { z } from 'zod';
import type { Admin } from './admin.ts';

const Services = z.object({
  services: z.array(z.object({ id: z.string(), host: z.string(), status: z.string() })),
});

/** Whether nova-compute of each host is `enabled` or `disabled`. */
export async function readServices(admin: Admin): Promise<Map<string, string>> {
  const { services } = await admin.read('compute', '/os-services?binary=nova-compute', Services);
  return new Map(services.map(({ host, status }) => [host, status]));
}

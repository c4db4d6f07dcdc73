import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { doctorResult } from '../support/doctor-result.ts';
import { type Lab, openLab } from './support/lab.ts';
import { planner } from './support/planner.ts';

const Services = z.object({ services: z.array(z.object({ id: z.string(), host: z.string() })) });

async function change({ admin }: Lab, host: string, body: object): Promise<void> {
  const { services } = await admin.read('compute', '/os-services?binary=nova-compute', Services);
  const id = services.find((each) => each.host === host)?.id ?? '';
  await admin.change('compute', 'PUT', `/os-services/${id}`, body);
}

describe('planner doctor', () => {
  let lab: Lab;
  let folder: string;

  beforeAll(async () => {
    lab = await openLab();
    await lab.enableHosts();
    folder = mkdtempSync(join(tmpdir(), 'planner-doctor-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds no problem in a cloud where there is none', async () => {
    const ran = await planner(folder, 'doctor', '--cloud', 'lab', '--json', '--quiet');

    expect(doctorResult(ran.stdout).all('problem'), ran.stderr).toEqual([]);
    expect(ran.code).toBe(0);
  });

  it('finds a service that is forced down, and one that is disabled without a reason', async () => {
    const [first = '', second = ''] = Object.keys(lab.hosts.hosts);
    await change(lab, first, { forced_down: true });
    await change(lab, second, { status: 'disabled' });
    try {
      const ran = await planner(folder, 'doctor', '--cloud', 'lab', '--json', '--quiet');

      expect(doctorResult(ran.stdout).bad('compute-services')).toEqual([
        `warning ${first}: nova-compute is forced down: somebody has fenced the host, or left it so`,
        `warning ${second}: nova-compute is disabled, and nobody said why`,
      ]);
    } finally {
      await change(lab, first, { forced_down: false });
      await change(lab, second, { status: 'enabled' });
    }
  });

  it('names the policies that a member lacks', async () => {
    const ran = await planner(folder, 'doctor', '--cloud', 'lab-member', '--json', '--quiet');

    expect(ran.code).toBe(1);
    const { bad } = doctorResult(ran.stdout);
    const problems = (bad('permissions-import') ?? []).join('\n');
    expect(problems).toContain('problem Nova GET /os-services: refused by os_compute_api:os-services');
    expect(problems).toContain('problem Placement GET /resource_providers: refused by');
    expect(bad('permissions-run')?.join()).toContain('by default only role admin may');
  });
});

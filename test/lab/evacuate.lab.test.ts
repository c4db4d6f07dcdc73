import { readFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { hostsAre, killHost, startHosts } from './support/hosts.ts';
import { type Lab, openLab } from './support/lab.ts';
import { allMigrations } from './support/migrations.ts';
import { expectMoves, newestMigration } from './support/outcome.ts';
import { succeed, targetsOf } from './support/planned.ts';
import { runFile } from './support/places.ts';
import { planner } from './support/planner.ts';
import { waitFor } from './support/wait.ts';

let lab: Lab;
let host: string;
beforeAll(async () => {
  lab = await openLab();
  const { servers } = await lab.truth();
  const stay = new Set(
    lab.seed.servers
      .filter(({ group = '' }) => lab.seed.groups[group]?.policy === 'affinity')
      .map(({ name }) => servers.find((server) => server.name === name)?.host),
  );
  const count = (name: string) => servers.filter((server) => server.host === name).length;
  [host = ''] = Object.keys(lab.hosts.hosts)
    .filter((name) => !stay.has(name))
    .toSorted((one, other) => count(other) - count(one));
});
afterAll(async () => {
  await startHosts(host);
  await lab.enableHosts();
});

const Services = z.object({
  services: z.array(
    z.object({ host: z.string(), status: z.string(), disabled_reason: z.string().nullable() }),
  ),
});

async function service() {
  const { services } = await lab.admin.read('compute', '/os-services?binary=nova-compute', Services);
  return services.find((one) => one.host === host);
}

async function homes() {
  const { servers } = await lab.truth();
  return new Map(servers.map((server) => [server.id, server.host]));
}

it('a host dies, its servers are rebuilt elsewhere, and it comes back with all of them', async () => {
  const before = await homes();
  const folder = mkdtempSync(runFile('work-'));
  await killHost(host);
  await hostsAre('down', [host]);
  const newest = await newestMigration(lab);
  const since = async () => (await allMigrations(lab.admin)).filter(({ id }) => id > newest);

  await succeed(planner(folder, 'evacuate', host, '--cloud', 'lab', '-o', 'plan.json'));
  const plan = parsePlan(readFileSync(join(folder, 'plan.json'), 'utf8'));
  const targets = targetsOf(plan);
  expect(plan.summary.evacuations).toBeGreaterThan(0);

  // `--yes` alone is not enough.
  const unfenced = await planner(folder, 'run', 'plan.json', '--cloud', 'lab', '--yes');
  expect([unfenced.code, unfenced.stderr]).toEqual([1, expect.stringContaining(`--fenced ${host}`)]);
  expect(await since()).toEqual([]);

  await succeed(planner(folder, 'run', 'plan.json', '--cloud', 'lab', '--yes', '--fenced', host));
  const rebuilt = await homes();
  for (const [id, { to, serverName }] of targets) expect(rebuilt.get(id), serverName).toBe(to);
  const disabled = await service();
  expect(disabled?.status).toBe('disabled');
  expect(disabled?.disabled_reason).toContain(`planner plan ${plan.id}: `);

  // The host is disabled still when it is back, and Nova cleans up there.
  await startHosts(host);
  await waitFor({ what: 'the evacuations to be completed' }, async () =>
    (await since()).every(({ status }) => status === 'completed' || status === 'error'),
  );
  await expectMoves(lab, { folder, plan }, newest);

  const undrain = ['undrain', host, '--restore', 'plan.json', '--cloud', 'lab', '-o', 'back.json'];
  await succeed(planner(folder, ...undrain, '--allow', 'cold'));
  await succeed(planner(folder, 'run', 'back.json', '--cloud', 'lab', '--yes'));
  expect(await homes()).toEqual(before);
  expect(await service()).toMatchObject({ status: 'enabled' });
});

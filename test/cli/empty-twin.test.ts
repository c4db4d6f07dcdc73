import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { folder, importRecording, planner } from './run-planner.ts';

const inventory = z.looseObject({
  servers: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      host: z.string().optional(),
      locked: z.boolean().optional(),
      lockedReason: z.string().optional(),
    }),
  ),
  groups: z.array(z.looseObject({ members: z.array(z.string()) })),
  hosts: z.array(
    z.looseObject({
      id: z.string(),
      cells: z.array(z.looseObject({ usedPages: z.array(z.number()) })).optional(),
      pciDevices: z.array(z.looseObject({ server: z.string().optional() })),
    }),
  ),
  novaConfig: z.looseObject({}),
});

/** The recorded cloud with kvm-a01, which is of one make with kvm-a02, empty; NUMA servers may go live. */
beforeAll(() => {
  importRecording();
  const cloud = inventory.parse(JSON.parse(readFileSync(join(folder, 'inventory.json'), 'utf8')));
  const gone = new Set(
    cloud.servers.filter(({ host, name }) => host === 'kvm-a01' || name === 'ml-train-2').map(({ id }) => id),
  );
  const emptied = {
    ...cloud,
    servers: cloud.servers
      .filter(({ id }) => !gone.has(id))
      .map(({ locked, lockedReason, ...server }) =>
        server.name === 'sig-1' ? server : { ...server, ...(locked === true && { locked, lockedReason }) },
      ),
    groups: cloud.groups.map((group) => ({
      ...group,
      members: group.members.filter((member) => !gone.has(member)),
    })),
    hosts: cloud.hosts.map(({ cells, pciDevices, ...host }) => ({
      ...host,
      pciDevices: pciDevices.map(({ server = '', requestId, ...device }) =>
        gone.has(server)
          ? { ...device, status: 'available' }
          : { ...device, ...(server !== '' && { server, requestId }) },
      ),
      ...(cells !== undefined && {
        cells: cells.map((cell) =>
          host.id === 'kvm-a01'
            ? {
                ...cell,
                memoryUsedMiB: 0,
                pinnedCpus: [],
                sharedCpusUsed: 0,
                usedPages: cell.usedPages.map(() => 0),
              }
            : cell,
        ),
      }),
    })),
    novaConfig: {
      ...cloud.novaConfig,
      workarounds: { known: true, value: ['enable_numa_live_migration'] },
    },
  };
  writeFileSync(join(folder, 'emptied.json'), JSON.stringify(emptied));
});

it('drains a host of the recorded cloud onto its empty twin, and verifies', () => {
  const drain = ['drain', 'kvm-a02', '--release', 'rhosp-13', '--quiet'];
  const { status, stderr, stdout } = planner(...drain, '--inventory', 'emptied.json');
  const steps = planner('show', 'plan.json').stdout.split('\n');
  const verified = planner('verify', 'plan.json', '--inventory', 'emptied.json');

  expect(stderr).toContain('warning plan.release-contradicts');
  expect(status).toBe(0);
  expect(stdout).toContain('moves        6 servers in 6 migrations: 6 live, 0 cold');
  const words = steps.map((line) => line.trim().split(/ +/).join(' '));
  for (const server of ['sig-1', 'sig-2', 'mix-1', 'mix-2', 'sbc-5'])
    expect(words.filter((line) => line.includes(`live ${server} kvm-a02 kvm-a01`))).toHaveLength(1);
  expect(verified.status).toBe(0);
});

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readInventory } from '../../src/inventory/inventory-file.ts';
import type { Inventory } from '../../src/inventory/document.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import { type Lab, openLab } from './support/lab.ts';
import { runFile } from './support/places.ts';
import { importedCloud, succeed } from './support/planned.ts';
import { planner } from './support/planner.ts';
import { untilRecorded } from './support/recorded.ts';
import { runningPorts } from './support/running-lab.ts';
import { query } from './support/truth.ts';

const password = 'only-reads';

/** What no API tells, by host and by server. */
function untold(inventory: Inventory) {
  const { hosts, servers } = toCloud(inventory);
  return {
    hosts: [...hosts.values()].map(({ cells, id, pciDevices, pciPools }) => ({
      id,
      cells,
      pciDevices,
      pciPools,
    })),
    servers: [...servers.values()].map(({ id, pciDevices, pciRequests, topology }) => ({
      id,
      topology,
      pciRequests,
      pciDevices,
    })),
  };
}

describe("an import with Nova's database", () => {
  let lab: Lab;
  let folder: string;

  const url = (database: string, user = 'reader') =>
    `mysql+pymysql://${user}@127.0.0.1:${runningPorts().database}/${database}?charset=utf8`;
  const cellAndApi = ['--nova-db', url('nova_cell1'), '--nova-db', url('nova_api')];

  beforeAll(async () => {
    lab = await openLab();
    folder = mkdtempSync(runFile('work-'));
    writeFileSync(join(folder, 'password'), `${password}\n`);
    await query(`create or replace user reader@'%' identified by '${password}'`);
    for (const database of ['nova_cell1', 'nova_api'])
      await query(`grant select on ${database}.* to reader@'%'`);
    await query("set global log_output = 'TABLE'");
    await untilRecorded(lab.admin);
    await query('set global general_log = 1');
    try {
      await succeed(
        planner(
          folder,
          ...['import', '--cloud', 'lab', ...cellAndApi, '--nova-db-password-file', 'password'],
          ...['--record', 'kept', '-o', 'live.json', '--quiet'],
        ),
      );
    } finally {
      await query('set global general_log = 0');
    }
  });

  it('tells the cells, pins and devices that dumped rows tell', async () => {
    const live = untold(readInventory(join(folder, 'live.json')));
    const dumped = untold(readInventory(join(await importedCloud(lab), 'inventory.json')));

    expect(live).toEqual(dumped);
    const most = Math.max(...Object.values(lab.hosts.hosts).map(({ cells = [] }) => cells.length));
    expect(Math.max(...live.hosts.map(({ cells = [] }) => cells.length))).toBe(most);
  });

  it('tells what Nova counts in each cell', async () => {
    const { hosts } = readInventory(join(folder, 'live.json'));
    const truth = await lab.truth();

    expect(
      hosts.map(({ cells = [], id }) => ({
        name: id,
        cells: cells.map(({ memoryUsedMiB, pinnedCpus }) => ({
          pinned: pinnedCpus,
          memoryMiB: memoryUsedMiB,
        })),
      })),
    ).toEqual(
      truth.hosts.map(({ cells, name }) => ({
        name,
        cells: cells.map(({ memoryMiB, pinned }) => ({ pinned, memoryMiB })),
      })),
    );
  });

  it('keeps rows from which the same inventory can be made again', async () => {
    await succeed(planner(folder, 'import', '--from', 'kept', '-o', 'again.json', '--quiet'));

    expect(readFileSync(join(folder, 'again.json'), 'utf8')).toBe(
      readFileSync(join(folder, 'live.json'), 'utf8'),
    );
  });

  it('only reads, in a transaction that could not write', async () => {
    const said = await query(
      "select distinct substring_index(argument, ' ', 2) from mysql.general_log where user_host like 'reader%' and command_type = 'Query' order by 1",
    );

    expect(said.map(([words]) => words)).toEqual([
      'SELECT table_name',
      'SELECT `id`,',
      'SELECT `resource_id`,',
      'SET SESSION',
      'START TRANSACTION',
    ]);
  });

  it('is refused with a wrong password, which is not shown', async () => {
    writeFileSync(join(folder, 'wrong'), 'not-the-password');

    const { code, stderr } = await planner(
      folder,
      ...['import', '--cloud', 'lab', ...cellAndApi, '--nova-db-password-file', 'wrong', '-o', 'no.json'],
    );

    expect(code).toBe(2);
    expect(stderr.match(/error nova-db\.denied/g)).toHaveLength(2);
    expect(stderr).not.toContain('not-the-password');
  });

  it('says which tables a user may not read', async () => {
    await query(`create or replace user partly@'%'`);
    await query(`grant select on nova_cell1.compute_nodes to partly@'%'`);

    const { code, stderr } = await planner(
      folder,
      ...['import', '--cloud', 'lab', '--nova-db', url('nova_cell1', 'partly'), '-o', 'no.json'],
    );

    expect(code).toBe(2);
    expect(stderr).toContain('has no table pci_devices that user partly may read');
    expect(stderr).toContain('has no table instance_extra that user partly may read');
  });
});

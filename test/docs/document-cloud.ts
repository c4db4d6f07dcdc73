import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliContext } from '../../src/cli/context.ts';
import { noFaults } from '../../src/execute/simulated/faults.ts';
import { parseFaults } from '../../src/execute/simulated/faults-file.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import { readInventory } from '../../src/inventory/inventory-file.ts';
import { writeCloudsFile } from '../support/fake-openstack/clouds-file.ts';
import { admin } from '../support/fake-openstack/keystone.ts';
import { startFake } from '../support/fake-openstack/start.ts';
import { workingCloud } from '../support/fake-openstack/working-cloud.ts';

/** The clouds that documents name. */
const names = ['prod', 'mycloud'];

/** A cloud for the commands of one section of a document: the recorded one, carrying out what it is asked. */
export interface DocumentCloud {
  /** What commands get of the outside while they work on it. */
  readonly given: Partial<CliContext>;
  /** Lets time pass. */
  sleep(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts it, with a `clouds.yaml` in the folder.
 *
 * @param folder where commands run, with `inventory.json` of the recorded cloud
 * @param trouble a file of faults in the folder, and a host that is down
 */
export async function startDocumentCloud(
  recording: string,
  folder: string,
  { faults, down }: { readonly faults: string | undefined; readonly down: string | undefined },
): Promise<DocumentCloud> {
  const cloud = toCloud(readInventory(join(folder, 'inventory.json')));
  const wrong = [
    ...(faults === undefined ? [] : parseFaults(readFileSync(join(folder, faults), 'utf8'), faults).faults),
    ...(down === undefined
      ? []
      : [{ kind: 'host-down' as const, host: down, atSeconds: 0, untilSeconds: 36_000 }]),
  ];
  const { api, openDatabase, clock } = await workingCloud(recording, cloud, { ...noFaults, faults: wrong });
  const fake = await startFake({ api, account: admin });
  writeCloudsFile(folder, fake, { names });
  writeFileSync(join(folder, 'check-guest'), '#!/bin/sh\ntest -n "$1"\n');
  chmodSync(join(folder, 'check-guest'), 0o755);
  const databases = ['nova', 'nova_cell0', 'nova_api'].map((name) => `mysql://nova:secret@db/${name}`);
  return {
    sleep: (seconds) => clock.sleep(seconds),
    close: () => fake.close(),
    given: {
      wallClock: () => clock.now(),
      sleep: (seconds) => clock.sleep(seconds),
      openDatabase,
      surroundings: {
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, PLANNER_NOVA_DB: databases.join(' ') },
        workingDirectory: folder,
        homeDirectory: folder,
      },
    },
  };
}

import type { Bundle } from '../bundle-files.ts';
import type { BundleReader } from '../api/readers.ts';
import type { Facts } from '../facts.ts';
import type { Item } from '../replies.ts';
import { rowsById, rowsOf, shownById } from './cli-files.ts';
import { hostsOfNodes, readHypervisorList, readZoneList } from './hypervisors.ts';
import {
  readAggregateList,
  readFlavorList,
  readGroupList,
  readMigrationList,
  readProjectList,
  readServiceList,
} from './lists.ts';
import { readCliAllocations, readCliProviders } from './placement.ts';
import { readServerList, readShownServers, readVolumeLists } from './servers.ts';

/** The commands of `cli/`: lists as rows, `show` as one file an id in a folder of the command's name. */
export const cliReaders: readonly BundleReader[] = [
  list('compute-service-list', readServiceList),
  hypervisors,
  list('availability-zone-list', readZoneList),
  list('server-list', readServerList),
  (bundle) => unlessEmpty(shownById(bundle, 'server-show'), readShownServers),
  (bundle) => unlessEmpty(rowsById(bundle, 'server-volume-list'), readVolumeLists),
  listAndShown('aggregate', readAggregateList),
  listAndShown('server-group', readGroupList),
  listAndShown('flavor', readFlavorList),
  migrations,
  list('project-list', readProjectList),
  readCliProviders,
  readCliAllocations,
];

function list(command: string, read: (rows: readonly Item[]) => Facts): BundleReader {
  return (bundle) => {
    const rows = rowsOf(bundle, command);
    return rows === undefined ? undefined : read(rows);
  };
}

/** A list alone says which things there are: what is shown of single ones adds to it. */
function listAndShown(
  thing: string,
  read: (rows: readonly Item[], shown: readonly Item[]) => Facts,
): BundleReader {
  return (bundle) => {
    const rows = rowsOf(bundle, `${thing}-list`);
    const shown = shownById(bundle, `${thing}-show`);
    return rows === undefined ? undefined : read(rows, shown);
  };
}

function migrations(bundle: Bundle): Facts | undefined {
  const rows = rowsOf(bundle, 'server-migration-list');
  const ofServers = rowsById(bundle, 'server-migration-list-server').flatMap((each) => each.rows);
  return rows === undefined
    ? undefined
    : readMigrationList([...rows, ...ofServers], shownById(bundle, 'server-migration-show'));
}

function hypervisors(bundle: Bundle): Facts | undefined {
  const rows = rowsOf(bundle, 'hypervisor-list') ?? [];
  const shown = shownById(bundle, 'hypervisor-show');
  if (rows.length + shown.length === 0) return undefined;
  const services = readServiceList(rowsOf(bundle, 'compute-service-list') ?? []).hosts?.keys() ?? [];
  const hostOf = hostsOfNodes(
    shownById(bundle, 'server-show'),
    rowsOf(bundle, 'server-migration-list') ?? [],
    services,
    rows,
  );
  return readHypervisorList(rows, shown, hostOf);
}

const unlessEmpty = <Value>(list: readonly Value[], read: (list: readonly Value[]) => Facts) =>
  list.length === 0 ? undefined : read(list);

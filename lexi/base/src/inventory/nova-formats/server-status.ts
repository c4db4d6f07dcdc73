import type { PowerState } from '../../model/server.ts';

const resizing = ['resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish'];
const rebuilding = ['rebuilding', 'rebuild_block_device_mapping', 'rebuild_spawning'];

const byTask = (status: string, tasks: readonly string[]): [string, string][] =>
  tasks.map((task) => [task, status]);

interface Statuses {
  readonly usual: string;
  readonly byTask?: ReadonlyMap<string, string>;
}

const activeTasks = new Map([
  ...byTask('REBOOT', ['rebooting', 'reboot_pending', 'reboot_started']),
  ...byTask('HARD_REBOOT', ['rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard']),
  ...byTask('PASSWORD', ['updating_password']),
  ...byTask('REBUILD', rebuilding),
  ...byTask('MIGRATING', ['migrating']),
  ...byTask('RESIZE', resizing),
]);

/** Nova's own table (`api/openstack/common.py`): the API's status of a vm_state and a task_state. */
const statuses: ReadonlyMap<string, Statuses> = new Map<string, Statuses>([
  ['active', { usual: 'ACTIVE', byTask: activeTasks }],
  ['building', { usual: 'BUILD' }],
  [
    'stopped',
    { usual: 'SHUTOFF', byTask: new Map([...byTask('RESIZE', resizing), ...byTask('REBUILD', rebuilding)]) },
  ],
  ['resized', { usual: 'VERIFY_RESIZE', byTask: new Map([['resize_reverting', 'REVERT_RESIZE']]) }],
  ['paused', { usual: 'PAUSED', byTask: new Map([['migrating', 'MIGRATING']]) }],
  ['suspended', { usual: 'SUSPENDED' }],
  ['rescued', { usual: 'RESCUE' }],
  ['error', { usual: 'ERROR', byTask: new Map(byTask('REBUILD', rebuilding)) }],
  ['deleted', { usual: 'DELETED' }],
  ['soft-delete', { usual: 'SOFT_DELETED' }],
  ['shelved', { usual: 'SHELVED' }],
  ['shelved_offloaded', { usual: 'SHELVED_OFFLOADED' }],
]);

/** The status that the API would show. */
export function statusOf(vmState: string, taskState: string | undefined): string {
  const known = statuses.get(vmState);
  return known?.byTask?.get(taskState ?? '') ?? known?.usual ?? 'UNKNOWN';
}

/** The usual vm_state and power state of a status: an inventory names them only where they differ. */
export const usualStates: ReadonlyMap<string, { readonly vmState: string; readonly powerState: PowerState }> =
  new Map([
    ['ACTIVE', { vmState: 'active', powerState: 'running' }],
    ['SHUTOFF', { vmState: 'stopped', powerState: 'shutdown' }],
    ['PAUSED', { vmState: 'paused', powerState: 'paused' }],
    ['SUSPENDED', { vmState: 'suspended', powerState: 'suspended' }],
    ['VERIFY_RESIZE', { vmState: 'resized', powerState: 'running' }],
    ['SHELVED_OFFLOADED', { vmState: 'shelved_offloaded', powerState: 'shutdown' }],
  ]);

const vmStates: ReadonlyMap<string, string> = new Map([
  ...[...statuses].map(([vmState, { usual }]) => [usual, vmState] as const),
  ...[...activeTasks.values()].map((status) => [status, 'active'] as const),
  ['REVERT_RESIZE', 'resized'],
]);

/** The vm_state that a status most likely shows, where only the status is told; `unknown` for one that is not known. */
export const vmStateOf = (status: string): string => vmStates.get(status) ?? 'unknown';

import type { CloudProbes } from '../../model/probes.ts';
import { type Check, type Finding, ok, unknown, warning } from '../check.ts';
import { readsFor } from './reads.ts';

/** What a run reads, the user may read; what it changes is not tried. */
export const runPermissions: Check = {
  id: 'permissions-run',
  looksAt: 'probes',
  needed: 'every policy that planner run needs is allowed for this user',
  why: 'migrations to a named host, evacuations and services are kept to administrators by default (policy.yaml of Nova)',
  fine: 'everything is allowed',
  examine: (probes) => [...readsFor('run', probes), changes(probes)],
};

const changing = [
  'os_compute_api:os-migrate-server:migrate',
  'os_compute_api:os-migrate-server:migrate_live',
  'os_compute_api:os-evacuate',
  'os_compute_api:os-services:update',
  'os_compute_api:servers:migrations:delete',
  'os_compute_api:servers:migrations:force_complete',
  'os_compute_api:servers:confirm_resize',
];

/** Requests that change something are never tried: what is said of them follows from the roles. */
function changes({ roles }: CloudProbes): Finding {
  const list = changing.join(', ');
  if (roles === undefined)
    return unknown(['user'], 'no token, so no roles', 'settle what services-answer says');
  const own = roles.length === 0 ? 'none' : roles.join(', ');
  if (roles.includes('admin'))
    return ok(
      ['user'],
      `has role admin, which may by default, and was not tried, since it changes things: ${list}`,
    );
  return warning(
    ['user'],
    `roles: ${own}; by default only role admin may, and it was not tried, since it changes things: ${list}`,
    "use an administrator's credentials, or have these policies allowed for this user",
  );
}

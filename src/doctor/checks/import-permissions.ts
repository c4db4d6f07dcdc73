import type { Check } from '../check.ts';
import { readsFor } from './reads.ts';

/** What an import reads, the user may read. */
export const importPermissions: Check = {
  id: 'permissions-import',
  looksAt: 'probes',
  needed: 'every policy that an import needs is allowed for this user',
  why: 'hosts, services and servers of all projects are kept to administrators by default (policy.yaml of Nova and Placement)',
  fine: 'everything is allowed',
  examine: (probes) => readsFor('import', probes),
};

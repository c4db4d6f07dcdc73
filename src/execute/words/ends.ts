import type { Row } from './row.ts';

/** How a step that failed can have left its server. */
export type End =
  | 'aborted'
  | 'aborted-by-others'
  | 'live-rolled-back'
  | 'live-broken-off'
  | 'live-error-at-source'
  | 'live-error-at-destination'
  | 'cold-rolled-back'
  | 'cold-error-at-source'
  | 'cold-error-at-destination'
  | 'confirm-failed'
  | 'elsewhere'
  | 'reverted'
  | 'evacuate-failed'
  | 'power-failed';

/** What each end means: Nova itself tells no reason for most of them. */
export const ends: Readonly<Record<End, Pick<Row, 'means' | 'next' | 'read'>>> = {
  aborted: {
    means: 'it was aborted as it was asked to be, and {server} runs on {from} as before',
    next: 'resume tries it again',
    read: 'source',
  },
  'aborted-by-others': {
    means:
      'somebody else has aborted it, or Nova has at its own limit (live_migration_completion_timeout); {server} runs on {from} as before',
    next: 'resume tries it again; where it does not converge, --on-timeout force-complete, or move it cold',
    read: 'source',
  },
  'live-rolled-back': {
    means:
      'the copy was broken off and rolled back: {server} runs on {from} as before, and only libvirt knows why',
    next: 'read the logs, then resume',
    read: 'hypervisor',
  },
  'live-broken-off': {
    means:
      'nova-compute on {from} was restarted in the middle, or its driver failed; {server} stays on {from}',
    next: 'see that no guest of {server} is left on {to} (`virsh list --all`), then resume',
    read: 'hypervisor',
  },
  'live-error-at-source': {
    means:
      'something failed in the middle, and Nova does not know how {server} is: its guest may run on {from} as before',
    next: 'see that it runs on {from} and not on {to} (`virsh list --all`), reset its state (`openstack server set --state active`), then resume',
    read: 'hypervisor',
  },
  'live-error-at-destination': {
    means:
      'the guest of {server} has moved to {to}, and what follows the switch failed: it counts on {to}, and is in ERROR',
    next: 'see that it runs on {to} and not on {from} (`virsh list --all`), reset its state (`openstack server set --state active`), then resume: the step counts as done then',
    read: 'destination',
  },
  'cold-rolled-back': {
    means: 'nothing was moved: {server} is on {from} as before',
    next: 'mend what the log says, then resume',
    read: 'source',
  },
  'cold-error-at-source': {
    means: '{server} was powered off on {from}, and its disks were not moved: they are on {from}',
    next: 'reset its state (`openstack server set --state active`), start it (`openstack server reboot --hard`), mend what the log says, then resume',
    read: 'source',
  },
  'cold-error-at-destination': {
    means: 'the disks of {server} are on {to}, and it could not be started there; what {from} had is kept',
    next: 'mend what the log says, reset its state (`openstack server set --state active`), start it (`openstack server reboot --hard`), and clean up {from} by hand; then resume',
    read: 'destination',
  },
  'confirm-failed': {
    means:
      '{server} has moved to {to} and most likely runs there, but {from} could not be cleaned up: it keeps its old disks and room, and {server} is in ERROR',
    next: 'mend what the log says, remove what is left on {from}, reset its state (`openstack server set --state active`), then resume',
    read: 'source',
  },
  elsewhere: {
    means:
      'Nova has moved {server} to another host than was asked for, as it does below microversion 2.56, or somebody else has',
    next: 'see where it is (`openstack server show`) and whether it waits for a confirmation, then plan again',
    read: 'scheduler',
  },
  reverted: {
    means: 'somebody has taken the migration back instead of confirming it: {server} is on {from} again',
    next: 'plan again',
    read: 'api',
  },
  'evacuate-failed': {
    means:
      '{server} could not be built again on {to}; its disks on shared storage, if it has any, are untouched',
    next: 'mend what the log says, then resume: Nova evacuates servers in ERROR too',
    read: 'destination',
  },
  'power-failed': {
    means: 'the host could not carry it out',
    next: 'mend what the log says, reset its state where it is in ERROR (`openstack server set --state active`), then resume',
    read: 'source',
  },
};

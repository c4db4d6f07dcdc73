import { describe, expect, it } from 'vitest';
import { answers } from '../../../src/execute/words/answers.ts';
import { ends } from '../../../src/execute/words/ends.ts';
import { later } from '../../../src/execute/words/later.ts';
import { meaningOfAnswer, meaningOfEnd, meaningOfTexts } from '../../../src/execute/words/meaning.ts';

const names = { server: 'web-1', from: 'cmp3', to: 'cmp4', requestId: 'req-7' };
const id = 'c4cd1b73-59c3-4cc4-81c9-662121023a4a';

describe('what the API refuses at once', () => {
  // Texts as Nova (Zed) has answered them, and those of its other releases.
  it.each([
    [401, 'The request you have made requires authentication.', 'not-signed-in'],
    [403, "Policy doesn't allow os_compute_api:os-evacuate to be performed.", 'not-allowed'],
    [403, 'Quota exceeded for cores: Requested 4, but already used 8 of 10 cores', 'quota'],
    [404, `Instance ${id} could not be found.`, 'no-such-server'],
    [404, 'Compute host nosuch not found.', 'no-such-host'],
    [404, 'Compute service 12 could not be found.', 'no-such-service'],
    [404, `In-progress live migration 22 is not found for server ${id}.`, 'migration-gone'],
    [400, 'Compute host nosuch could not be found.', 'no-such-host'],
    [400, 'Cannot migrate to the host where the server exists.', 'same-host'],
    [400, `Unable to migrate instance (${id}) to current host (cmp3).`, 'same-host'],
    [400, 'Compute service of cmp5 is still in use.', 'host-in-use'],
    [400, 'Compute service of cmp3 is unavailable at this time.', 'compute-down'],
    [400, 'No valid host was found. There are not enough hosts available.', 'filtered'],
    [
      400,
      `Migration 22 state of instance ${id} is queued. Cannot abort live migration while the migration is in this state.`,
      'too-late-to-end',
    ],
    [
      400,
      "Invalid input for field/attribute os-migrateLive. Value: {'host': 'cmp5'}. Additional properties are not allowed ('force' was unexpected)",
      'body-not-understood',
    ],
    [
      400,
      "Invalid input for field/attribute os-migrateLive. Value: {'host': 'cmp4'}. 'block_migration' is a required property",
      'body-not-understood',
    ],
    [
      400,
      'Operation "live-migration" for instance is not supported for instance with vTPM',
      'not-for-such-servers',
    ],
    [
      406,
      'Version 2.95 is not supported by the API. Minimum is 2.1 and maximum is 2.93.',
      'microversion-not-offered',
    ],
    [409, `Cannot 'os-migrateLive' instance ${id} while it is in task_state migrating`, 'busy'],
    [409, `Cannot 'migrate' instance ${id} while it is in vm_state error`, 'in-error'],
    [409, `Cannot 'os-migrateLive' instance ${id} while it is in vm_state stopped`, 'wrong-state'],
    [409, `Cannot 'confirmResize' instance ${id} while it is in vm_state active`, 'nothing-to-confirm'],
    [409, `Instance ${id} is locked`, 'locked'],
    [409, 'Service is unavailable at this time.', 'service-down'],
    [409, `Instance ${id} is in an invalid state for 'abort live migration'`, 'too-late-to-end'],
    [413, 'This request was rate-limited.', 'too-many-requests'],
    [429, 'Too Many Requests', 'too-many-requests'],
  ])('%i %s', (status, text, code) => {
    expect(meaningOfAnswer(text, status, names)?.code).toBe(code);
  });

  it('passes by itself when somebody else is at work, or the API wants fewer requests', () => {
    const passing = (text: string, status: number) => meaningOfAnswer(text, status, names)?.passes;

    expect(passing(`Cannot 'migrate' instance ${id} while it is in task_state image_snapshot`, 409)).toBe(
      'soon',
    );
    expect(passing('Too Many Requests', 429)).toBe('soon');
    expect(passing(`Cannot 'migrate' instance ${id} while it is in vm_state error`, 409)).toBeUndefined();
  });

  it('names what Nova names', () => {
    const policy = "Policy doesn't allow os_compute_api:os-migrate-server:migrate_live to be performed.";

    expect(meaningOfAnswer(policy, 403, names)).toEqual({
      code: 'not-allowed',
      means: 'this user may not do it: os_compute_api:os-migrate-server:migrate_live is for administrators',
      next: "use an administrator's credentials, or have os_compute_api:os-migrate-server:migrate_live allowed for this user, then resume",
      read: 'nova-api log, request req-7',
    });
  });

  it('is left as it is where nobody knows its words', () => {
    expect(meaningOfAnswer('The moon is in the wrong phase.', 409, names)).toBeUndefined();
  });
});

describe('what is told after a request was accepted', () => {
  const none = 'No valid host was found. There are not enough hosts available.';
  const cold = 'No valid host was found. No valid host found for cold migrate';

  it.each([
    [['No valid host was found. '], 'no-room', 'nova-scheduler and nova-conductor logs, request req-7'],
    [[none], 'filtered', 'nova-scheduler and nova-conductor logs, request req-7'],
    [[cold, cold], 'no-room-cold', 'nova-scheduler and nova-conductor logs, request req-7'],
    [
      ['Compute service of cmp3 is unavailable at this time.'],
      'compute-down',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      [
        `Migration pre-check error: Unable to migrate ${id} to cmp5: Lack of memory(host:15872.0 <= instance:16384)`,
      ],
      'memory-forced',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      [
        `No valid host was found. Unable to move instance ${id} to host cmp4. There is not enough capacity on the host for the instance.`,
      ],
      'capacity-forced',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      [
        none,
        "Migration pre-check error: Unacceptable CPU info: CPU doesn't have compatibility.\n\n0 (missing features: avx512f)",
      ],
      'cpu-not-compatible',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Migration error: Anti-affinity instance group policy was violated'],
      'group-race',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      [none, 'Migration pre-check error: lab_live_fail=precheck'],
      'check-refused',
      'nova-compute log on cmp4, request req-7',
    ],
    [['Migration error: lab_live_fail=pre'], 'preparing-failed', 'nova-compute log on cmp4, request req-7'],
    [['Resize error: lab_cold_fail=rollback'], 'disk-not-moved', 'nova-compute log on cmp3, request req-7'],
    [
      ['Resize error: not able to execute ssh command: Unexpected error while running command.'],
      'no-ssh',
      'nova-compute log on cmp3, request req-7',
    ],
    [
      [
        none,
        'Migration pre-check error: Requested instance NUMA topology cannot fit the given host NUMA topology.',
      ],
      'cells-do-not-fit',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      [
        none,
        'Insufficient compute resources: Requested instance NUMA topology together with requested PCI devices cannot fit the given host NUMA topology.',
      ],
      'devices-do-not-fit',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Requested page size is different from current page size.'],
      'page-size',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Migration pre-check error: Disk of instance is too large(available on destination host:1 < need:2)'],
      'disk-too-large',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Migration pre-check error: Cannot migrate instance with non-VIF related PCI requests'],
      'device-not-live',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      ['The instance requires a newer hypervisor version than has been provided.'],
      'older-hypervisor',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      [
        'Migration pre-check error: Binding failed for port 12, please check neutron logs for more information.',
      ],
      'port-not-bound',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Timed out waiting for a reply to message ID 77'],
      'no-reply',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      [
        `cmp3 is not on shared storage: Shared storage live-migration requires either shared storage or boot-from-volume with no local disks.`,
      ],
      'not-shared-storage',
      'nova-compute log on cmp4, request req-7',
    ],
    [
      ['Exceeded max scheduling retries 3 for instance during live migration'],
      'too-many-tries',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
    [
      ['Instance has complex allocations on the source host so move cannot be forced.'],
      'cannot-force-nested',
      'nova-scheduler and nova-conductor logs, request req-7',
    ],
  ])('%j', (texts, code, read) => {
    expect(meaningOfTexts(texts, names)).toMatchObject({ code, read });
  });

  it('may pass by itself where room is what is missing, and does not where a rule is', () => {
    expect(meaningOfTexts(['No valid host was found. '], names)?.passes).toBe('after-release');
    expect(meaningOfTexts(["CPU doesn't have compatibility"], names)?.passes).toBeUndefined();
  });

  it('is left as it is where nobody knows its words', () => {
    expect(meaningOfTexts(['The moon is in the wrong phase.'], names)).toBeUndefined();
  });
});

describe('how a server is left', () => {
  it('is told where Nova tells no reason', () => {
    expect(meaningOfEnd('live-rolled-back', [], names)).toEqual({
      code: 'live-rolled-back',
      means:
        'the copy was broken off and rolled back: web-1 runs on cmp3 as before, and only libvirt knows why',
      next: 'read the logs, then resume',
      read: 'nova-compute log on cmp3, request req-7 and the libvirt log there; then those of cmp4',
    });
  });

  it('comes first, and the reason after it where that says more than that something failed', () => {
    const vague = meaningOfEnd('cold-error-at-source', ['Resize error: it did not work'], names);
    const known = meaningOfEnd(
      'cold-error-at-source',
      ['Resize error: not able to execute ssh command'],
      names,
    );

    expect(vague.means).toBe('web-1 was powered off on cmp3, and its disks were not moved: they are on cmp3');
    expect(known.means).toBe(
      'web-1 was powered off on cmp3, and its disks were not moved: they are on cmp3; cmp3 cannot reach cmp4 by ssh as the nova user, over which disks are copied',
    );
    expect(known.code).toBe('cold-error-at-source');
  });
});

it('every row is one sentence with a next step', () => {
  for (const { means, next } of [...answers, ...later, ...Object.values(ends)]) {
    expect(means).not.toMatch(/[.!]$/);
    expect(next).not.toBe('');
  }
});

it('says what it can where hosts are not known', () => {
  expect(meaningOfEnd('live-broken-off', [], { server: 'web-1' })).toMatchObject({
    means:
      'nova-compute on its source was restarted in the middle, or its driver failed; web-1 stays on its source',
    read: 'nova-compute log on its source and the libvirt log there; then those of the destination',
  });
});

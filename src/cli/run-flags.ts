import type { Command } from 'commander';
import { type RunSettings, usualSettings } from '../execute/runner/settings.ts';
import type { Plan } from '../plan/plan.ts';
import { notYetFenced } from './ask-fenced.ts';
import type { FlagReader } from './flag-reader.ts';
import { repeated } from './judging-flags.ts';
import { chosen } from './choices.ts';

/** What `run` and `resume` take, as commander gives it. */
export interface RunFlags {
  readonly cloud?: string;
  readonly journal?: string;
  readonly onFailure: string;
  readonly maxFailures: string;
  readonly maxReplans: string;
  readonly confirm?: string;
  readonly onTimeout?: string;
  readonly timeout?: string;
  readonly maxParallel?: string;
  readonly deadline?: string;
  readonly times: string;
  readonly ignoreWindow?: true;
  readonly fenced: readonly string[];
  readonly check?: string;
  readonly ping?: true;
  readonly hostFacts?: string;
  readonly requireApprovalBy: readonly string[];
  readonly approval: readonly string[];
  readonly poll: string;
  readonly yes?: true;
  readonly json?: true;
}

const most = { count: 1_000_000, seconds: 3600, timeoutSeconds: 1_000_000 };

const policies = {
  failure: ['stop', 'continue', 'replan'],
  confirm: ['auto', 'after-check', 'manual'],
  timeout: ['abort', 'force-complete', 'wait'],
  times: ['expected', 'high'],
} as const;

/** Adds what `run` and `resume` share. */
export function addRunOptions(command: Command): Command {
  return command
    .option('--cloud <name>', 'the cloud, as in clouds.yaml; else what OS_CLOUD or the OS_* variables say')
    .option('--journal <file>', 'where the journal stands; beside the plan by default')
    .addOption(
      chosen(
        '--on-failure <policy>',
        'after a failed step: stop, continue with steps that do not depend on it, or replan the rest',
        policies.failure,
      ).default('stop'),
    )
    .option('--max-failures <n>', 'so many failures end the run, with replan the plan', '1')
    .option('--max-replans <n>', 'plan the rest again at most so many times', '3')
    .addOption(
      chosen(
        '--confirm <who>',
        'cold migrations: auto, after-check, manual (as the plan says)',
        policies.confirm,
      ),
    )
    .addOption(
      chosen(
        '--on-timeout <policy>',
        'slow live migrations: abort, force-complete, wait (as the plan says)',
        policies.timeout,
      ),
    )
    .option(
      '--timeout <seconds>',
      'for --on-timeout: three times what is expected, and ten minutes, by default',
    )
    .option('--max-parallel <n>', 'at most so many migrations at a time')
    .option(
      '--deadline <time>',
      'request nothing that would not be over by then, such as 2026-03-01T04:00:00Z (as the plan says)',
    )
    .addOption(
      chosen('--times <which>', 'by which times it would be over: expected, high', policies.times).default(
        'expected',
      ),
    )
    .option('--ignore-window', "request at any time of day; the plan's freezes and deadline hold")
    .addOption(repeated('--fenced <host>', 'this host is powered off: servers may be evacuated from it'))
    .option(
      '--check <command>',
      'run this before and after each move; SERVER_ID, SERVER_NAME and SERVER_ADDRESSES say of which server',
    )
    .option('--ping', 'before and after each move some address of the server has to answer ping')
    .option(
      '--host-facts <folder>',
      'gathered of hosts: to replay the rest where Nova chose other NUMA cells',
    )
    .addOption(
      repeated(
        '--require-approval-by <file>',
        'public keys in PEM, one of which has to have approved the plan; once for each approval that is needed',
      ),
    )
    .addOption(repeated('--approval <file>', 'approvals that do not stand beside the plan'))
    .option('--poll <seconds>', 'most seconds between two looks at what is on its way', '0.75')
    .option('--yes', 'do not ask')
    .option('--json', 'how it ended as JSON');
}

/** How to carry a plan out; undefined when the reader has been told what is wrong. */
export function readRunFlags(flags: RunFlags, plan: Plan | undefined, read: FlagReader): RunSettings {
  const onFailure = read.choice('--on-failure', flags.onFailure, policies.failure);
  const maxFailures = read.integer('--max-failures', flags.maxFailures, 1, most.count);
  const maxReplans = read.integer('--max-replans', flags.maxReplans, 0, most.count);
  const confirm = read.choice('--confirm', flags.confirm, policies.confirm);
  const onTimeout = read.choice('--on-timeout', flags.onTimeout, policies.timeout);
  const timeoutSeconds = read.number('--timeout', flags.timeout, 1, most.timeoutSeconds);
  const planned = plan?.basedOn.options.maxParallel;
  const maxParallel = read.integer('--max-parallel', flags.maxParallel, 1, most.count) ?? planned;
  const pollSeconds = read.number('--poll', flags.poll, 0.1, most.seconds);
  const timesBy = read.choice('--times', flags.times, policies.times);
  const deadline = flags.deadline === undefined ? undefined : Date.parse(flags.deadline);
  if (flags.deadline !== undefined && Number.isNaN(deadline))
    read.refuse('--deadline', flags.deadline, 'not a time', 'write it as 2026-03-01T04:00:00Z');
  if (onFailure === 'replan' && flags.requireApprovalBy.length > 0)
    read.refuse(
      '--on-failure',
      'replan',
      'nobody would have approved the plan for the rest',
      'leave it at stop, and approve another plan for what is left',
    );
  const evacuated = plan === undefined ? undefined : notYetFenced(plan, new Set());
  for (const host of flags.fenced)
    if (evacuated?.includes(host) === false)
      read.refuse('--fenced', host, 'the plan evacuates nobody from it', namesOf(evacuated));
  return {
    ...usualSettings,
    fenced: new Set(flags.fenced),
    onFailure: onFailure ?? usualSettings.onFailure,
    maxFailures: maxFailures ?? usualSettings.maxFailures,
    maxReplans: maxReplans ?? usualSettings.maxReplans,
    pollSeconds: pollSeconds ?? usualSettings.pollSeconds,
    ...(timesBy !== undefined && { timesBy }),
    ...(confirm !== undefined && { confirm }),
    ...(onTimeout !== undefined && { onTimeout }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(deadline !== undefined && { deadline }),
  };
}

const namesOf = (hosts: readonly string[]): string =>
  hosts.length === 0 ? 'leave it out: the plan evacuates nobody' : `one of ${hosts.join(', ')}`;

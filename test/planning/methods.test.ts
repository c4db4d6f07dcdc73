import { afterAll, describe, expect, it } from 'vitest';
import type { Disruption } from '../../src/constraints/context.ts';
import type { CloudConfig } from '../../src/model/nova-config.ts';
import type { Server } from '../../src/model/server.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import {
  aCloud,
  aggregateId,
  aGroup,
  aHost,
  aServer,
  hostId,
  providerId,
  someConfig,
} from '../support/builders.ts';
import { drainGoal, plan } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const known = <Value>(value: Value) => ({ value, known: true });
const allocations = [{ provider: providerId('rp-h1'), resources: { VCPU: 2, MEMORY_MB: 4096, DISK_GB: 10 } }];

/** Drains h1 of one server. */
async function drained(
  allow: readonly Disruption[],
  config: Partial<CloudConfig> = {},
  {
    group = false,
    tenant = false,
    extraSpecs = {},
    server = {},
  }: {
    group?: boolean;
    tenant?: boolean;
    extraSpecs?: Record<string, string>;
    server?: Partial<Server>;
  } = {},
) {
  const kept = aggregateId('a1');
  const cloud = aCloud({
    hosts: [aHost('h1'), aHost('h2', tenant ? { aggregates: [kept] } : {})],
    aggregates: new Map([
      [kept, { id: kept, name: 'a1', hosts: [hostId('h2')], metadata: { filter_tenant_id: 'p2' } }],
    ]),
    servers: [aServer('s1', 'h1', { allocations, extraSpecs, ...server })],
    groups: group ? [aGroup(['s1'], { policy: 'affinity' })] : [],
    config: { ...someConfig, ...config },
  });
  const outcome = await plan(cloud, drainGoal, backend, { drain: [hostId('h1')], allow, spareHosts: 0 });
  if (outcome.kind !== 'planned') return { outcome, step: undefined, warnings: [] };
  return { outcome, step: outcome.plan.steps.find(isMigration), warnings: outcome.plan.warnings };
}

const codes = (warnings: readonly { code: string; steps: readonly string[] }[]) =>
  warnings.map(({ code, steps }) => `${code} ${steps.join()}`);

describe('a forced migration', () => {
  it('is taken when nothing else goes, asked for as such, and told', async () => {
    const { step, warnings } = await drained(['forced'], {}, { group: true });

    expect(step).toMatchObject({ kind: 'live', forced: true, microversion: '2.67' });
    expect(codes(warnings)).toEqual(['plan.forced m1', 'plan.forced-past m1']);
    expect(warnings[1]?.text).toContain('(affinity)');
  });

  it('is not taken where the scheduler lets the server go', async () => {
    const { step, warnings } = await drained(['forced']);

    expect(step).toMatchObject({ kind: 'live', forced: false, microversion: '2.68' });
    expect(warnings).toEqual([]);
  });

  it('is not taken without the word, which the answer names', async () => {
    const { outcome } = await drained([], {}, { group: true });

    if (outcome.kind !== 'impossible') throw new Error(outcome.kind);
    expect(outcome.blockers[0]?.refusals[0]?.text).toContain(': allow forced');
  });

  it('leaves no server where a rule refuses it', async () => {
    expect((await drained(['forced'], {}, { tenant: true })).outcome.kind).toBe('impossible');
  });
});

describe('a live migration that does not converge', () => {
  const forces = { timeoutAction: known('force_complete' as const) };
  const copies = { ...forces, permitPostCopy: known(true) };
  const endOf = async (
    allow: readonly Disruption[],
    config: Partial<CloudConfig>,
    extraSpecs: Record<string, string> = {},
    server: Partial<Server> = {},
  ) => {
    const { step, warnings } = await drained(allow, config, { extraSpecs, server });
    return [step?.timeoutPolicy, ...codes(warnings)];
  };

  it('is aborted unless the operator allows the way in which Nova would end it', async () => {
    expect(await endOf(['pause', 'post-copy'], {})).toEqual(['abort']);
    expect(await endOf(['pause'], forces)).toEqual(['force-complete']);
    expect(await endOf(['post-copy'], copies)).toEqual(['force-complete']);
    expect(await endOf(['post-copy'], forces)).toEqual(['abort', 'plan.nova-pauses m1']);
    expect(await endOf(['pause'], copies)).toEqual(['abort', 'plan.nova-post-copies m1']);
  });

  it('is slowed down by the hypervisor unasked, which is told', async () => {
    const slows = { permitAutoConverge: known(true) };

    expect(await endOf([], slows)).toEqual(['abort', 'plan.nova-throttles m1']);
    expect(await endOf(['auto-converge'], slows)).toEqual(['abort']);
    expect(await endOf([], { ...slows, permitPostCopy: known(true) })).toEqual(['abort']);
  });

  it('is forced by request where it is predicted, and the operator allows how', async () => {
    const wild = { dirtyRateMiBps: 100_000 };

    expect(await endOf(['pause'], {}, {}, wild)).toEqual(['force-complete', 'plan.dirty-rate m1']);
    expect(await endOf(['post-copy'], {}, {}, wild)).toEqual(['abort', 'plan.dirty-rate m1']);
    const permits = { permitPostCopy: known(true) };
    expect(await endOf(['post-copy'], permits, {}, wild)).toEqual(['force-complete', 'plan.dirty-rate m1']);
    expect(await endOf(['pause'], permits, {}, wild)).toEqual(['abort', 'plan.dirty-rate m1']);
    expect(await endOf(['pause'], {}, {}, { dirtyRateMiBps: 100 })).toEqual(['abort']);
  });

  it('is never forced by Nova where it has no timeout', async () => {
    expect(await endOf(['pause'], { ...forces, completionTimeoutSecondsPerGiB: known(0) })).toEqual([
      'abort',
    ]);
  });
});

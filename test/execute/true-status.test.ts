import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runStatus } from '../../src/cli/run-status.ts';
import { faultKinds, type Fault, type ServerFault } from '../../src/execute/simulated/faults.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import type { RunStatus } from '../../src/report/run-status.ts';
import { serverId } from '../support/builders.ts';
import { context, plan } from './sample.ts';
import { run, simulate } from './simulate.ts';

/** Ends that nobody but the fault of that kind can lead to, of a live and of a cold migration or its confirm. */
const endsBy: Readonly<Record<ServerFault['kind'], { readonly live: string; readonly cold: string }>> = {
  refuse: { live: 'filtered', cold: 'filtered' },
  precheck: { live: 'check-refused', cold: 'check-refused' },
  pre: { live: 'preparing-failed', cold: 'cold-rolled-back' },
  running: { live: 'live-rolled-back', cold: 'cold-rolled-back' },
  crash: { live: 'live-error-at-source', cold: 'cold-rolled-back' },
  post: { live: 'live-error-at-destination', cold: 'cold-rolled-back' },
  confirm: { live: 'done', cold: 'confirm-failed' },
  stall: { live: 'aborted', cold: 'done' },
  slow: { live: 'done', cold: 'done' },
  'lose-request': { live: 'done', cold: 'done' },
  'lose-answer': { live: 'done', cold: 'done' },
  'other-cells': { live: 'done', cold: 'done' },
};

/** The step by which a server's state is to be told: the last one that was begun. */
function lastBegun({ steps }: Plan, status: RunStatus, server: string): Step | undefined {
  const own = steps.filter((step) => 'server' in step && step.server === server);
  return own.findLast(({ id }) => status.steps.find((step) => step.id === id)?.phase !== 'waiting') ?? own[0];
}

/** What the status says of a server: where, and whether it is in ERROR. */
function told(
  status: RunStatus,
  step: Step,
): { readonly host?: string | undefined; readonly status: string } {
  const known = status.steps.find(({ id }) => id === step.id);
  const of = plan.steps
    .filter(isMigration)
    .find(({ id }) => id === (step.kind === 'confirm' ? step.of : step.id));
  if (known?.phase === 'failed') return { host: known.seen?.host, status: known.seen?.status ?? 'not told' };
  if (known?.phase === 'done')
    return { host: of?.to, status: step.kind === 'cold' ? 'VERIFY_RESIZE' : 'ACTIVE' };
  return { host: of?.from, status: 'ACTIVE' };
}

async function carriedOut(
  faults: readonly Fault[],
  seed: number,
  onTimeout: 'abort' | 'force-complete' = 'abort',
) {
  const cloud = simulate(plan, context, { faults, seed });
  const settings = {
    onFailure: 'continue',
    maxFailures: 100,
    onTimeout,
    releaseSeenSeconds: 0,
  } as const;
  const { journal } = await run(plan, cloud, { settings });
  return { cloud, status: runStatus(plan, journal.entries, undefined, cloud.clock.now(), 'plan.json') };
}

const servers = ['a', 'b', 'c', 'd'];

it.each(faultKinds.flatMap((kind) => servers.map((server) => [kind, server] as const)))(
  'tells %s of %s by its name',
  async (kind, server) => {
    const { status } = await carriedOut([{ kind, server }], 1);

    const step = lastBegun(plan, status, server);
    const { phase, code } = status.steps.find(({ id }) => id === step?.id) ?? {};
    expect(code ?? phase).toBe(endsBy[kind][server === 'c' ? 'cold' : 'live']);
  },
);

const faultOf: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(...faultKinds),
      server: fc.constantFrom(...servers),
      times: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('host-down' as const),
      host: fc.constantFrom('h1', 'h2', 'h3'),
      atSeconds: fc.integer({ min: 0, max: 200 }),
    }),
  },
);
const policy = fc.constantFrom('abort' as const, 'force-complete' as const);

it('whatever goes wrong, what the status says of each server is how it is', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(faultOf, { minLength: 1, maxLength: 4 }),
      fc.nat(1000),
      policy,
      async (faults, seed, onTimeout) => {
        const { cloud, status } = await carriedOut(faults, seed, onTimeout);

        expect(status.state).toBe(status.steps.every(({ phase }) => phase === 'done') ? 'done' : 'failed');
        for (const server of servers) {
          const { server: truth } = await cloud.driver.look(serverId(server));
          const step = lastBegun(plan, status, server);
          if (step === undefined) throw new Error(`no step of ${server}`);
          expect(told(status, step), `${server}: ${JSON.stringify(faults)}`).toEqual({
            host: truth?.host,
            status: truth?.status,
          });
        }
        for (const { phase, code, read, text = '' } of status.steps) {
          if (phase !== 'failed') continue;
          expect(text).not.toBe('');
          expect(read).toMatch(/log/);
          codes.add(code ?? text.replaceAll(/\bh\d\b/g, 'HOST'));
        }
      },
    ),
    { numRuns: 150, seed: 7 },
  );
  expect([...codes].length).toBeGreaterThan(8);
});

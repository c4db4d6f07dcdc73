import { afterAll, describe, expect, it } from 'vitest';
import { isMigration } from '../../src/plan/run-steps.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import { rules } from '../../src/constraints/registry.ts';
import { outcomeReport } from '../../src/report/outcome.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aNumaCloud, aTwinHost, numaServer, pinnedServer } from '../profiles/support.ts';
import { aContext, aServer, hostId, shippedProfile } from '../support/builders.ts';
import { drainGoal, plan } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const hosts = (...names: readonly string[]) => names.map((name) => aTwinHost(name));
/** On h1: two pinned servers on cell 0, one on cell 1, one with a NUMA topology, and one without. */
const ofH1 = [
  pinnedServer('p1', 'h1', [1]),
  pinnedServer('p2', 'h1', [2]),
  pinnedServer('p3', 'h1', [1001]),
  numaServer('n1', 'h1'),
  aServer('plain', 'h1'),
];
const ofH2 = [pinnedServer('q1', 'h2', [1]), pinnedServer('q2', 'h2', [1001])];

const drain = (content: Parameters<typeof aNumaCloud>[0], drained: readonly string[], profile = 'rhosp-13') =>
  plan(
    aNumaCloud(content),
    drainGoal,
    backend,
    { drain: drained.map(hostId), spareHosts: 0 },
    shippedProfile(profile),
  );

/** Each migration as `server from>to`. */
async function drained(content: Parameters<typeof aNumaCloud>[0], names: readonly string[]) {
  const outcome = await drain(content, names);
  if (outcome.kind !== 'planned') throw new Error(outcome.because);
  const steps = outcome.plan.steps.filter(isMigration);
  return { plan: outcome.plan, steps, trips: steps.map(({ server, from, to }) => `${server} ${from}>${to}`) };
}

describe('a drain under a profile that asks for empty destinations', () => {
  it('takes covered servers to one empty twin, each step with a look at who is there', async () => {
    const { plan, steps, trips } = await drained(
      { hosts: hosts('h1', 'h2', 'h3'), servers: [...ofH1, aServer('x', 'h2')] },
      ['h1'],
    );

    const covered = steps.filter(({ server }) => server !== 'plain');
    expect(trips.filter((trip) => !trip.startsWith('plain')).toSorted()).toEqual([
      'n1 h1>h3',
      'p1 h1>h3',
      'p2 h1>h3',
      'p3 h1>h3',
    ]);
    expect(covered.map(({ kind, forced }) => `${kind} ${String(forced)}`)).toEqual(
      covered.map(() => 'live false'),
    );
    expect(covered.map(({ guards }) => guards.find(({ kind }) => kind === 'runs-only'))).toEqual(
      covered.map((_, index) => ({
        kind: 'runs-only',
        host: 'h3',
        servers: covered
          .slice(0, index)
          .map(({ server }) => server)
          .toSorted(),
      })),
    );
    expect(plan.warnings.find(({ text }) => text.includes('the destination stays enabled'))?.steps).toEqual(
      covered.map(({ id }) => id),
    );
  });

  it('gives each of several drained hosts a twin of its own', async () => {
    const { trips } = await drained(
      { hosts: hosts('h1', 'h2', 'h3', 'h4'), servers: [...ofH1.slice(0, 4), ...ofH2] },
      ['h1', 'h2'],
    );

    const twinOf = (from: string) =>
      new Set(trips.filter((trip) => trip.includes(` ${from}>`)).map((trip) => trip.split('>')[1]));
    expect(twinOf('h1').size).toBe(1);
    expect(twinOf('h2').size).toBe(1);
    expect(new Set([...twinOf('h1'), ...twinOf('h2')])).toEqual(new Set(['h3', 'h4']));
  });

  it('passes by an empty host of another kind, and empties one of the same', async () => {
    const others = aTwinHost('h3', [], { hypervisorVersion: 7002001 });
    const { trips } = await drained(
      {
        hosts: [...hosts('h1', 'h2'), others],
        servers: [...ofH2.map((s) => ({ ...s, host: hostId('h1') })), aServer('x', 'h2')],
      },
      ['h1'],
    );

    expect(trips).toEqual(['x h2>h3', 'q1 h1>h2', 'q2 h1>h2']);
  });

  it('finds a stranger who has come since, when the plan is verified', async () => {
    const content = { hosts: hosts('h1', 'h2'), servers: ofH1.slice(0, 2) };
    const { plan: made } = await drained(content, ['h1']);

    const later = aNumaCloud({ ...content, servers: [...content.servers, aServer('new', 'h2')] });
    const context = aContext(later, { profile: shippedProfile('rhosp-13') });
    const { findings } = verifyPlan({ plan: made, context, rules, inventoryDigest: 'later' });

    expect(findings.map(({ code, text }) => `${code} ${text}`)).toContain(
      'refused twin: host h2: the profile asks for an empty host since its CPUs are pinned; there: new',
    );
  });

  it('asks for nothing of the kind under zed', async () => {
    const outcome = await drain(
      { hosts: hosts('h1', 'h2'), servers: [...ofH1, aServer('x', 'h2')] },
      ['h1'],
      'zed',
    );

    expect(
      outcome.kind === 'planned' && outcome.plan.steps.flatMap(({ guards }) => guards),
    ).not.toContainEqual(expect.objectContaining({ kind: 'runs-only' }));
  });
});

describe('the answer where there is no empty twin', () => {
  const locked = aServer('x', 'h3', { locked: true });

  it('says which hosts suit, who is there, and that several drains want one each', async () => {
    const outcome = await drain(
      { hosts: hosts('h1', 'h2', 'h3', 'h4'), servers: [...ofH1, ...ofH2, locked] },
      ['h1', 'h2'],
    );

    expect(outcome.kind).toBe('impossible');
    expect('twins' in outcome && outcome.twins).toEqual([
      {
        host: 'h1',
        servers: 4,
        because: 'its CPUs are pinned',
        empty: ['h4'],
        occupied: [{ host: 'h3', by: ['x'] }],
      },
      {
        host: 'h2',
        servers: 2,
        because: 'its CPUs are pinned',
        empty: ['h4'],
        occupied: [{ host: 'h3', by: ['x'] }],
      },
    ]);
    expect(outcomeReport(outcome, { width: 120, steps: false })).toContain(
      `no plan: the hosts cannot be emptied under the rules and limits

The profile asks for an empty host of the same kind for each of these, to which nobody else goes:
  - h1: 4 servers (the first since its CPUs are pinned)
      - empty: h4
      - h3 would suit if it were empty; there: x
  - h2: 2 servers (the first since its CPUs are pinned)
      - empty: h4
      - h3 would suit if it were empty; there: x
`,
    );
  });

  it('names what would make one, or that nothing of the kind is there', async () => {
    const taken = await drain({ hosts: hosts('h1', 'h3'), servers: [...ofH1, locked] }, ['h1']);
    const other = aTwinHost('h3', [], { hypervisorVersion: 7002001 });
    const none = await drain({ hosts: [...hosts('h1'), other], servers: ofH1 }, ['h1']);

    expect(outcomeReport(taken, { width: 120, steps: false })).toContain(
      `      - none that suits is empty: empty one of these first, add one, or allow cold
      - h3 would suit if it were empty; there: x
`,
    );
    expect(outcomeReport(none, { width: 120, steps: false })).toContain(
      '      - no other host suits its servers, empty or not: add one like it, or allow cold\n',
    );
  });
});

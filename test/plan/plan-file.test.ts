import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { planJsonSchema } from '../../src/plan/plan-schema.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import { sha256OfText } from '../../src/shared/digest.ts';
import { canonicalJson } from '../../src/shared/canonical-json.ts';
import { InputError } from '../../src/shared/diagnostic.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from '../report/sample-plan.ts';

const common = {
  startSeconds: 5,
  endSeconds: 35,
  requestAfter: [],
  dependsOn: [],
  wave: 2,
  microversion: '2.68',
  reason: 'r',
  guards: [],
};
const noUndo = { undo: { kind: 'none', because: 'b' } } as const;

/** A plan with a step of every kind and every optional member. */
const full = aPlan(
  [
    aServiceStep({ serviceId: '7c9f' }),
    aMigration({ kind: 'cold', dependsOn: [{ step: 'd1', reason: 'r' }] }),
    aConfirm({ requestAfter: ['s1'] }),
    aMigration({ id: 's3', from: hostId('h2'), to: hostId('h3'), stopOver: true }),
    aMigration({
      id: 's4',
      kind: 'evacuate',
      guards: [{ kind: 'group-members', group: 'g', host: hostId('h2'), atMost: 1 }],
    }),
    { ...common, ...noUndo, kind: 'stop', id: 's5', server: serverId('x'), serverName: '' },
    { ...common, ...noUndo, kind: 'start', id: 's6', server: serverId('x'), serverName: '' },
    { ...common, ...noUndo, kind: 'wait', id: 's7', seconds: 5 },
    aServiceStep({ id: 'e1', kind: 'enable-service', wave: 3 }),
  ],
  {
    timetable: {
      makespanSeconds: 65,
      sumOfEndSeconds: 180,
      boundSeconds: 60,
      outcome: 'feasible',
      waves: [{ wave: 1, startSeconds: 0, endSeconds: 65, steps: ['d1', 's1'] }],
      links: [{ link: 'switch spine', capacityMbps: 10_000, peakMbps: 8000, steps: ['s1'] }],
    },
    assumptions: [
      {
        rule: 'requested-az',
        text: 'stays',
        missing: ['servers[].requestedAz'],
        supply: ['request_specs'],
        servers: [serverId('x')],
      },
    ],
    warnings: [{ code: 'race', text: 'w', steps: ['s1'] }],
    notDone: [
      { server: serverId('x'), serverName: '', host: hostId('h1'), rule: 'locked', reason: 'r' },
      { rule: 'r', reason: 'r' },
    ],
  },
);

const problemsOf = (text: string): string[] => {
  try {
    parsePlan(text, 'p.json');
  } catch (error) {
    if (error instanceof InputError)
      return error.diagnostics.map((d) => `${d.code} ${d.path ?? ''}: ${d.summary}`);
    throw error;
  }
  return [];
};

/** The plan as loose JSON, changed, with the id that then belongs to it. */
function changed(
  change: (plan: Record<string, never> & { steps: Record<string, unknown>[] }) => void,
  plan: Plan = full,
): string {
  const copy = JSON.parse(canonicalJson(plan)) as Parameters<typeof change>[0];
  change(copy);
  return JSON.stringify(copy);
}

describe('a plan file', () => {
  it('reads back as it was printed', () => {
    expect(parsePlan(printPlan(full))).toEqual(full);
    expect(printPlan(parsePlan(printPlan(full)))).toBe(printPlan(full));
  });

  it('has the first 12 hex digits of the digest of the rest as its id', () => {
    const { id, ...rest } = full;

    expect(id).toBe(sha256OfText(canonicalJson(rest)).slice(0, 12));
  });

  it('reads back whatever names it holds', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/[\0\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(name, name, name, (host, server, reason) => {
        const step = aMigration({
          server: serverId(server),
          serverName: server,
          from: hostId(host),
          to: hostId(`${host}2`),
          reason,
        });
        const plan = aPlan([step], { notDone: [{ server: serverId(server), rule: 'r', reason }] });

        expect(parsePlan(printPlan(plan))).toEqual(plan);
      }),
      { seed: 7 },
    );
  });

  it('may hold members of others under x-, which are not read and do not count in the id', () => {
    const noted = changed((plan) => {
      Object.assign(plan, { 'x-approved-by': { name: 'ada', deep: [1, { two: 2 }] } });
      Object.assign(plan.steps[0] ?? {}, { 'x-note': 'after lunch' });
    });

    expect(parsePlan(noted)).toEqual(full);
  });

  it('is described by a JSON Schema that is as strict', () => {
    const schema = planJsonSchema();

    expect(schema).toMatchObject({
      title: 'planner plan',
      additionalProperties: false,
      patternProperties: { '^x-': {} },
      properties: { formatVersion: { const: 1 }, steps: { type: 'array' } },
    });
    expect(schema['required']).toContain('summary');
  });
});

describe('a plan file is refused', () => {
  it('when it is no JSON, or cut short', () => {
    expect(problemsOf('')).toEqual([expect.stringMatching(/^plan\.not-json/)]);
    expect(problemsOf(printPlan(full).slice(0, 500))).toEqual([expect.stringMatching(/^plan\.not-json/)]);
    expect(problemsOf('\u001B[2J'.repeat(1000))).toEqual([expect.stringMatching(/^plan\.not-json/)]);
  });

  it.each(['null', '[]', '7', '"plan"', '{}', '{"kind":"inventory","formatVersion":1}'])(
    'when it is no plan: %s',
    (text) => {
      expect(problemsOf(text)).toEqual([
        'plan.not-a-plan $.kind: this is no plan: it does not say `"kind": "plan"`',
      ]);
    },
  );

  it.each([2, 0, '1', undefined])('when its format version is %s', (formatVersion) => {
    const text = JSON.stringify({ ...full, formatVersion });

    expect(problemsOf(text)).toEqual([
      'plan.version $.formatVersion: this planner reads format version 1 of plans only',
    ]);
  });

  it('with every problem at once, each at its place', () => {
    const text = changed((plan) => {
      Object.assign(plan, { extra: 1, seed: 2 });
      Object.assign(plan.steps[1] ?? {}, { wave: 0, storage: 'tape', from: '', microversion: 'latest' });
      delete plan.steps[2]?.['undo'];
      Object.assign(plan.steps[3] ?? {}, { kind: 'teleport' });
      Object.assign(plan.steps[8] ?? {}, { wave: 1.5, host: 'a\0b' });
    });

    expect(problemsOf(text).sort()).toEqual([
      'plan.malformed $.steps[1].microversion: a microversion such as 2.68',
      'plan.malformed $.steps[1].storage: not a value that may stand here',
      'plan.malformed $.steps[3].kind: not a value that may stand here',
      'plan.malformed $.steps[8].host: text without a NUL character',
      'plan.malformed $.steps[8].wave: expected int, found a fraction',
      'plan.missing $.steps[2].undo: a member is missing: object',
      'plan.out-of-range $.steps[1].from: too short',
      'plan.out-of-range $.steps[1].wave: too small',
      'plan.unknown-member $.extra: there is no member extra here',
      'plan.unknown-member $.seed: there is no member seed here',
    ]);
  });

  it('when its content was changed after it was made', () => {
    const text = changed((plan) => Object.assign(plan.steps[1] ?? {}, { to: 'h9' }));

    expect(problemsOf(text)).toEqual([
      expect.stringMatching(
        /^plan\.altered \$\.id: the plan was changed after it was made: its content has the id [0-9a-f]{12}$/,
      ),
    ]);
  });

  it('when steps share an id, wait for no step, for themselves, or for a later one', () => {
    const steps: Step[] = [
      aMigration({ requestAfter: ['s2'], dependsOn: [{ step: 's9', reason: 'r' }] }),
      aMigration({ id: 's2', dependsOn: [{ step: 's2', reason: 'r' }] }),
      aMigration({ id: 's2' }),
    ];

    expect(
      problemsOf(printPlan(aPlan(steps, { warnings: [{ code: 'c', text: 't', steps: ['s7'] }] }))),
    ).toEqual([
      'plan.reference $.steps[2].id: two steps have this id; the other is $.steps[1]',
      'plan.reference $.steps[0].requestAfter[0]: a step can only wait for one before it',
      'plan.reference $.steps[0].dependsOn[0].step: no step has this id',
      'plan.reference $.steps[1].dependsOn[0].step: a step can only wait for one before it',
      'plan.reference $.warnings[0].steps[0]: no step has this id',
    ]);
  });

  it('when a confirmation is not of an earlier cold migration of its server', () => {
    const plan = aPlan([
      aConfirm({ id: 's1', of: 's2', dependsOn: [] }),
      aMigration({ id: 's2', kind: 'cold' }),
      aMigration({ id: 's3' }),
      aConfirm({ id: 's4', of: 's3', dependsOn: [] }),
      aConfirm({ id: 's5', of: 's2', server: serverId('other'), dependsOn: [] }),
      aConfirm({ id: 's6', of: 's9', dependsOn: [] }),
    ]);

    expect(problemsOf(printPlan(plan))).toEqual([
      'plan.reference $.steps[0].of: a step can only confirm one before it',
      'plan.reference $.steps[3].of: only a cold migration of the same server can be confirmed',
      'plan.reference $.steps[4].of: only a cold migration of the same server can be confirmed',
      'plan.reference $.steps[5].of: no step has this id',
      'plan.reference $.steps[4].of: another step confirms this migration already',
    ]);
  });

  it('when a migration goes nowhere or its times run backwards', () => {
    const { predicted } = aMigration();
    const plan = aPlan([
      aMigration({ to: hostId('h1') }),
      aMigration({
        id: 's2',
        predicted: { ...predicted, seconds: { low: 9, expected: 5, high: 1 } },
        startSeconds: 70,
      }),
    ]);

    expect(problemsOf(printPlan(plan))).toEqual([
      'plan.reference $.steps[0].to: source and destination are one host',
      'plan.reference $.steps[1].endSeconds: ends before it starts',
      'plan.reference $.steps[1].predicted.seconds.low: more than expected',
      'plan.reference $.steps[1].predicted.seconds.high: less than expected',
    ]);
  });

  it('when a text is half a surrogate pair, which has no bytes', () => {
    const text = printPlan(full).replace('"reason":"frees h1"', '"reason":"\\ud800"');

    expect(problemsOf(text)).toEqual([
      'plan.malformed $.steps[1].reason: not Unicode text: half a surrogate pair',
    ]);
  });

  it('when it is nested deeper than any call stack, at a place that is read or not', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);

    expect(problemsOf(deep)).toHaveLength(1);
    expect(problemsOf(printPlan(full).replace('"reason":"frees h1"', `"reason":${deep}`))).toEqual([
      'plan.malformed $.steps[1].reason: expected string, found array',
    ]);
    expect(parsePlan(printPlan(full).replace('{', `{"x-deep":${deep},`))).toEqual(full);
  });

  it('when members are named like those of every object', () => {
    const text = printPlan(full).replace('{', '{"__proto__":{"kind":"plan"},"constructor":1,');

    expect(problemsOf(text).sort()).toEqual([
      'plan.unknown-member $.__proto__: there is no member __proto__ here',
      'plan.unknown-member $.constructor: there is no member constructor here',
    ]);
  });
});

it('gives equal plans equal ids, whatever the order of their members', () => {
  const reversed = Object.fromEntries(Object.entries(full).reverse()) as unknown as Plan;

  expect(withPlanId(reversed).id).toBe(full.id);
});

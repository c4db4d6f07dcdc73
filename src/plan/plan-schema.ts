import { z } from 'zod';
import { disruptions } from '../constraints/context.ts';
import { rulesSchema } from '../constraints/operator/rules-schema.ts';
import { orderPreferences, weekdays } from '../model/calendar.ts';
import { selectorOf } from '../model/named.ts';
import { hostId, serverId } from '../model/ids.ts';
import { microversionSchema as microversion, resolvedProfileSchema } from '../model/profile-schema.ts';
import { goalSchema } from '../objective/goal-schema.ts';
import { dayWindow, durationSeconds, instantSeconds, offsetSeconds } from '../replay/calendar/instants.ts';
import type * as plan from './plan.ts';

/** The only format version that this program reads and writes. */
export const formatVersion = 1;

/** Every member of an interface, the optional ones too: a schema cannot forget one. */
type ShapeOf<Value> = { readonly [Member in keyof Value]-?: z.ZodType };

const text = z.string();
/** Text that ends as an argument of a command. */
const argument = z.string().regex(/^[^\0]*$/, 'text without a NUL character');
const name = argument.min(1);
const host = name.transform(hostId);
const server = name.transform(serverId);
const count = z.int().min(0);
const amount = z.number().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest of 64 hexadecimal digits');
const stepId = z.string().regex(/^[a-z]+[1-9][0-9]*$/, 'the id of a step, such as s1');

const undo = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), because: text }),
  z.strictObject({
    kind: z.literal('possible'),
    how: text,
    until: text,
    untilStep: stepId.exactOptional(),
    needs: z.array(text),
  }),
]);

const guard = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('server-on-host'), server, host }),
  z.strictObject({ kind: z.literal('server-status'), server, status: name }),
  z.strictObject({ kind: z.literal('server-flavor'), server, flavor: text, vcpus: count, memoryMiB: count }),
  z.strictObject({
    kind: z.literal('service'),
    host,
    status: z.enum(['enabled', 'disabled']),
    state: z.enum(['up', 'down']),
    reason: text.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('free'), host, resource: name, atLeast: amount }),
  z.strictObject({ kind: z.literal('group-members'), group: name, host, atMost: count }),
  z.strictObject({ kind: z.literal('runs-only'), host, servers: z.array(server) }),
]);

const stepBase = {
  id: stepId,
  requestAfter: z.array(stepId),
  dependsOn: z.array(z.strictObject({ step: stepId, reason: text })),
  wave: z.int().min(1),
  startSeconds: amount,
  endSeconds: amount,
  microversion,
  reason: text,
  undo,
  guards: z.array(guard),
};

const prediction = z.strictObject({
  cells: z.array(
    z.strictObject({ hostCellId: count, pinnedCpuCount: count, pageSizeKiB: z.int().min(1).exactOptional() }),
  ),
  bytes: count,
  seconds: z.strictObject({ low: amount, expected: amount, high: amount }),
  downtimeMs: amount,
  downtimeHighMs: amount.exactOptional(),
} satisfies ShapeOf<plan.Prediction>);

const migrationStep = z.strictObject({
  ...stepBase,
  kind: z.enum(['live', 'cold', 'evacuate']),
  server,
  serverName: text,
  from: host,
  to: host,
  storage: z.enum(['shared', 'block', 'volume']),
  forced: z.boolean(),
  predicted: prediction,
  timeoutPolicy: z.enum(['abort', 'force-complete', 'wait']),
  stopOver: z.boolean(),
} satisfies ShapeOf<plan.MigrationStep>);

const confirmStep = z.strictObject({
  ...stepBase,
  kind: z.literal('confirm'),
  server,
  serverName: text,
  of: stepId,
  confirmPolicy: z.enum(['auto', 'after-check', 'manual']),
} satisfies ShapeOf<plan.ConfirmStep>);

const serviceStep = z.strictObject({
  ...stepBase,
  kind: z.enum(['disable-service', 'enable-service']),
  host,
  serviceId: name.exactOptional(),
  disabledReason: argument.exactOptional(),
} satisfies ShapeOf<plan.ServiceStep>);

const powerStep = z.strictObject({
  ...stepBase,
  kind: z.enum(['stop', 'start']),
  server,
  serverName: text,
} satisfies ShapeOf<plan.PowerStep>);

const waitStep = z.strictObject({
  ...stepBase,
  kind: z.literal('wait'),
  seconds: amount,
} satisfies ShapeOf<plan.WaitStep>);

const proof = {
  bound: z.number().exactOptional(),
  gap: z.number().exactOptional(),
} satisfies ShapeOf<plan.Proof>;

const good = (isGood: (value: string) => boolean, what: string) => z.string().refine(isGood, what);
const instant = good((value) => instantSeconds(value) !== undefined, 'an instant with an offset');

/** `CalendarOptions` of a plan document: texts that the calendar can read. */
const calendarSchema = z.strictObject({
  startsAt: instant,
  timezone: good((value) => offsetSeconds(value) !== undefined, 'an offset such as +02:00'),
  windows: z.array(good((value) => dayWindow(value) !== undefined, 'a window such as 22:00-06:00')),
  days: z.array(z.enum(weekdays)),
  freezes: z.array(
    z.strictObject({
      of: good((value) => selectorOf(value) !== undefined, 'a selector such as tag:billing'),
      from: instant,
      to: instant,
    }),
  ),
  deadline: good(
    (value) => durationSeconds(value) !== undefined || instantSeconds(value) !== undefined,
    'an instant or a duration',
  ).exactOptional(),
});

/** A plan document, every member of it. */
export const planSchema = z.strictObject({
  formatVersion: z.literal(formatVersion),
  kind: z.literal('plan'),
  id: z.string().regex(/^[0-9a-f]{12}$/, 'an id of 12 hexadecimal digits'),
  basedOn: z.strictObject({
    inventoryDigest: digest,
    capturedAt: z.iso.datetime({ offset: true }),
    planner: text,
    profile: name,
    release: resolvedProfileSchema,
    goal: goalSchema,
    rules: rulesSchema.exactOptional(),
    seed: count,
    effort: count,
    solver: name,
    options: z.strictObject({
      allow: z.array(z.enum(disruptions)),
      unknown: z.enum(['assume', 'refuse']),
      exclude: z.array(text),
      only: z.array(text),
      drain: z.array(host),
      evacuate: z.array(host).min(1).exactOptional(),
      assumeDown: z.array(host).exactOptional(),
      important: z.array(z.array(text).min(1)).exactOptional(),
      allOrNothing: z.literal(true).exactOptional(),
      minGain: amount,
      spareHosts: count,
      headroomPercent: z.int().min(0).max(99),
      surviveHostLoss: z.literal(true).exactOptional(),
      reEnable: z.boolean(),
      maxMoves: count.exactOptional(),
      maxGiB: amount.exactOptional(),
      maxParallel: z.int().min(1).exactOptional(),
      maxInbound: z.int().min(1).exactOptional(),
      migrationMbps: z.int().min(1).exactOptional(),
      networkSharePercent: z.int().min(1).max(100).exactOptional(),
      calendar: calendarSchema.exactOptional(),
      prefer: z.array(z.enum(orderPreferences)).exactOptional(),
      apartSeconds: count.exactOptional(),
    } satisfies ShapeOf<plan.PlanOptions>),
  } satisfies ShapeOf<plan.Plan['basedOn']>),
  assumptions: z.array(
    z.strictObject({
      rule: name,
      text,
      missing: z.array(text),
      supply: z.array(text),
      servers: z.array(server),
    } satisfies ShapeOf<plan.Assumption>),
  ),
  objective: z.strictObject({
    before: z.number(),
    after: z.number(),
    terms: z.array(z.strictObject({ kind: name, before: z.number(), after: z.number() })),
    ...proof,
    priorities: z
      .array(
        z.strictObject({
          priority: z.int().min(1),
          before: z.number(),
          after: z.number(),
          ...proof,
        } satisfies ShapeOf<NonNullable<plan.Plan['objective']['priorities']>[number]>),
      )
      .exactOptional(),
    outcome: z.enum(['optimal', 'feasible']),
    stoppedBy: z.enum(['time', 'effort', 'cancel']).exactOptional(),
    rounds: count,
  } satisfies ShapeOf<plan.Plan['objective']>),
  summary: z.strictObject({
    hostsFreed: z.array(host),
    spareHosts: z.array(host),
    moves: count,
    liveMigrations: count,
    coldMigrations: count,
    evacuations: z.int().min(1).exactOptional(),
    stopOvers: count,
    memoryGiB: amount,
    diskGiB: amount,
    expectedSeconds: amount,
    violationsBefore: count,
    violationsAfter: count,
  } satisfies ShapeOf<plan.PlanSummary>),
  timetable: z.strictObject({
    makespanSeconds: amount,
    sumOfEndSeconds: amount,
    boundSeconds: amount.exactOptional(),
    outcome: z.enum(['optimal', 'feasible']).exactOptional(),
    waves: z.array(
      z.strictObject({
        wave: z.int().min(1),
        startSeconds: amount,
        endSeconds: amount,
        steps: z.array(stepId).min(1),
      } satisfies ShapeOf<plan.PlanTimetable['waves'][number]>),
    ),
    links: z.array(
      z.strictObject({
        link: name,
        capacityMbps: amount,
        peakMbps: amount,
        steps: z.array(stepId).min(1),
      } satisfies ShapeOf<plan.PlanTimetable['links'][number]>),
    ),
  } satisfies ShapeOf<plan.PlanTimetable>),
  steps: z.array(
    z.discriminatedUnion('kind', [migrationStep, confirmStep, serviceStep, powerStep, waitStep]),
  ),
  warnings: z.array(
    z.strictObject({ code: name, text, steps: z.array(stepId) } satisfies ShapeOf<plan.Warning>),
  ),
  notDone: z.array(
    z.strictObject({
      server: server.exactOptional(),
      serverName: text.exactOptional(),
      host: host.exactOptional(),
      rule: name,
      reason: text,
    } satisfies ShapeOf<plan.NotDone>),
  ),
} satisfies ShapeOf<plan.Plan>);

/** The JSON Schema of the plan document, made from the schema that reads it. */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(planSchema, {
    io: 'input',
    reused: 'ref',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'object') jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return { title: 'planner plan', description: `A plan document, formatVersion ${formatVersion}`, ...schema };
}

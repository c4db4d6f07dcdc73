import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { runFile } from './places.ts';

const file = runFile('figures.jsonl');

const seconds = z.array(z.number());

const Figure = z.discriminatedUnion('kind', [
  /** A plan that was carried out. */
  z.object({
    kind: z.literal('plan'),
    steps: z.int(),
    migrations: z.int(),
    refusals: z.int(),
    /** Refused at first, and accepted when it was asked for again. */
    retries: z.int(),
    /** Migrations with NUMA cells, and those of them where Nova chose the predicted ones. */
    cellsPredicted: z.int(),
    cellsRight: z.int(),
    requests: z.int(),
    /** What the executor adds to each step: until its request, and after its end. */
    before: seconds,
    after: seconds,
  }),
  /** An executor that was killed, and the run that was resumed. */
  z.object({ kind: z.literal('kill'), kills: z.int(), resumed: z.boolean() }),
  /** An executor that waited. */
  z.object({
    kind: z.literal('waiting'),
    seconds: z.number(),
    cpuSeconds: z.number(),
    /** Migrations that ran at that time. */
    running: z.int(),
    /** Of the whole plan. */
    requests: z.int(),
    migrations: z.int(),
    copySeconds: z.number(),
    /** Whose copy takes that long. */
    slow: z.int(),
  }),
]);

export type Figure = z.infer<typeof Figure>;

/** Keeps a figure of the lab's tests for the table at their end. */
export function noteFigure(figure: Figure): void {
  appendFileSync(file, `${JSON.stringify(figure)}\n`);
}

/** What the tests have measured, a line each. */
export function figureLines(): readonly string[] {
  const figures = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Figure.parse(JSON.parse(line)))
    : [];
  return [
    ...planLines(figures.filter((figure) => figure.kind === 'plan')),
    ...killLines(figures.filter((figure) => figure.kind === 'kill')),
    ...figures.filter((figure) => figure.kind === 'waiting').map(waitingLine),
  ];
}

function planLines(plans: readonly Extract<Figure, { kind: 'plan' }>[]): readonly string[] {
  if (plans.length === 0) return [];
  const migrations = sum(plans.map((plan) => plan.migrations));
  const steps = sum(plans.map((plan) => plan.steps));
  const requests = sum(plans.map((plan) => plan.requests));
  const right = sum(plans.map((plan) => plan.cellsRight));
  const predicted = sum(plans.map((plan) => plan.cellsPredicted));
  return [
    `plans carried out: ${plans.length}, with ${steps} steps, of them ${migrations} migrations`,
    `refused by Nova: ${sum(plans.map((plan) => plan.refusals))}; asked for twice: ${sum(plans.map((plan) => plan.retries))}`,
    `NUMA cells as predicted: ${right} of ${predicted}`,
    `seconds added before a request: ${spread(plans.flatMap((plan) => plan.before))}`,
    `seconds added after Nova's end: ${spread(plans.flatMap((plan) => plan.after))}`,
    `API requests a step: ${(requests / steps).toFixed(1)} (a plan: ${spread(plans.map((plan) => plan.requests))})`,
  ];
}

function killLines(kills: readonly Extract<Figure, { kind: 'kill' }>[]): readonly string[] {
  if (kills.length === 0) return [];
  const resumed = kills.filter((kill) => kill.resumed).length;
  return [
    `runs killed: ${kills.length}, ${sum(kills.map((kill) => kill.kills))} times; resumed to their end: ${resumed}`,
  ];
}

function waitingLine(figure: Extract<Figure, { kind: 'waiting' }>): string {
  const { seconds: waited, cpuSeconds, running, requests, migrations, copySeconds, slow } = figure;
  const share = ((100 * cpuSeconds) / waited).toFixed(2);
  return `waiting for ${running} migrations: ${share} % of a CPU over ${waited.toFixed(1)} s; ${(requests / migrations).toFixed(1)} API requests a migration (${migrations} of them, ${slow} with a copy of ${copySeconds} s)`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function spread(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((one, other) => one - other);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0).toFixed(2);
  const mean = (sum(sorted) / Math.max(1, sorted.length)).toFixed(2);
  return `mean ${mean}, median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}, of ${sorted.length}`;
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { serverId } from '../../../src/model/ids.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { withPlanId } from '../../../src/plan/plan-id.ts';
import { printPlan } from '../../../src/plan/print-plan.ts';
import { isMigration } from '../../../src/plan/run-steps.ts';
import { after, move, planOf } from '../../plan/small-plan.ts';
import { aConfirm } from '../../report/sample-plan.ts';
import type { Lab } from './lab.ts';
import { runFile } from './places.ts';
import { planner } from './planner.ts';
import type { ApiServer } from './server-action.ts';

/** A new folder with `plan.json`: steps that no plan would have, without guards, so that Nova itself has to refuse. */
export function writePlan(steps: readonly Step[]): { readonly folder: string; readonly plan: Plan } {
  const folder = mkdtempSync(runFile('work-'));
  const plan = withPlanId(planOf(steps));
  writeFileSync(join(folder, 'plan.json'), printPlan(plan));
  return { folder, plan };
}

/** A migration of a server to a host, live unless told otherwise. */
export function moveOf(
  id: string,
  { id: server, name, 'OS-EXT-SRV-ATTR:host': from }: ApiServer,
  to: string,
  given: NonNullable<Parameters<typeof move>[4]> = {},
): Step {
  const kind = given.kind ?? 'live';
  const microversion = kind === 'cold' ? '2.56' : '2.90';
  return move(id, server, from ?? '', to, { serverName: name, microversion, ...given });
}

/** Confirms that move. */
export const confirmOf = (id: string, { id: server, name }: ApiServer, of: string): Step =>
  aConfirm({ id, of, server: serverId(server), serverName: name, confirmPolicy: 'auto', ...after(of) });

const Status = z.object({
  state: z.string(),
  text: z.string(),
  steps: z.array(
    z.object({
      id: z.string(),
      phase: z.string(),
      text: z.string().optional(),
      code: z.string().optional(),
      means: z.string().optional(),
      next: z.string().optional(),
      read: z.string().optional(),
      seen: z.object({ host: z.string().optional(), status: z.string() }).optional(),
    }),
  ),
});

export type StatusSeen = z.infer<typeof Status>;

/** What `planner status` says of the plan in a folder. */
export async function statusIn(folder: string): Promise<StatusSeen> {
  const { stdout, stderr } = await planner(folder, 'status', 'plan.json', '--json');
  expect(stderr).toBe('');
  return Status.parse(JSON.parse(stdout));
}

/** The phase of each step and, where it failed, by which known reason. */
export const outcomes = ({ steps }: StatusSeen): Readonly<Record<string, string>> =>
  Object.fromEntries(
    steps.map(({ id, phase, code }) => [id, code === undefined ? phase : `${phase}: ${code}`]),
  );

/**
 * Every step's words agree with Nova's own: what is done has its server on its target, what failed has left it as it
 * says, and what was not begun where it was. Of a server of several steps the last that was begun counts.
 */
export async function expectTrue(lab: Lab, { steps }: Plan, status: StatusSeen): Promise<void> {
  const { servers } = await lab.truth();
  const settledBy = new Map<string, string>();
  for (const step of steps) {
    const phase = status.steps.find(({ id }) => id === step.id)?.phase;
    if ('server' in step && (phase !== 'waiting' || !settledBy.has(step.server)))
      settledBy.set(step.server, step.id);
  }
  for (const step of steps) {
    if (!('server' in step) || settledBy.get(step.server) !== step.id) continue;
    const told = status.steps.find(({ id }) => id === step.id);
    const truth = servers.find(({ id }) => id === step.server);
    const of = steps
      .filter(isMigration)
      .find(({ id }) => id === (step.kind === 'confirm' ? step.of : step.id));
    const what = `${step.id} of ${step.serverName}: ${told?.text ?? ''}`;
    if (told?.phase === 'done')
      expect({ host: truth?.host, status: truth?.status }, what).toEqual({ host: of?.to, status: 'ACTIVE' });
    else if (told?.phase === 'failed')
      expect(told.seen, what).toEqual(
        truth === undefined ? undefined : { host: truth.host, status: truth.status },
      );
    else expect(truth?.host, what).toBe(of?.from);
  }
}

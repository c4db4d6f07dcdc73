import type { RuleContext } from '../../src/constraints/context.ts';
import type { Rule } from '../../src/constraints/rule.ts';
import type { Step } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { judgeArrival } from '../../src/replay/legality.ts';
import type { State } from '../../src/replay/state.ts';
import type { Rng } from '../../src/shared/rng.ts';

/**
 * Runs a plan as some executor might: whatever may be requested or end next is drawn at random, so that steps are
 * faster or slower than the timetable. Returns what went wrong; empty when every request was legal, Nova chose the
 * cells that the plan predicts, and every step came to its end.
 */
export function runFreely(
  steps: readonly Step[],
  state: State,
  context: RuleContext,
  rules: readonly Rule[],
  rng: Rng,
): readonly string[] {
  const problems: string[] = [];
  const requested = new Set<string>();
  const ended = new Set<string>();
  const mayRequest = (step: Step): boolean =>
    !requested.has(step.id) &&
    step.dependsOn.every((dependency) => ended.has(dependency.step)) &&
    step.requestAfter.every((id) => requested.has(id));

  const request = (step: Step): void => {
    requested.add(step.id);
    if (isMigration(step)) {
      const server = context.cloud.servers.get(step.server);
      if (server === undefined) return void problems.push(`${step.id}: no such server`);
      const { from, to, method, storage } = step;
      const arrival = { server, from, to, method, storage };
      for (const { rule, text } of judgeArrival(arrival, state, rules).refusals)
        problems.push(`${step.id} ${step.serverName} to ${to}: ${rule}: ${text}`);
      const cells = state.predict(server.id, to, method)?.cells.map((cell) => cell.hostCellId) ?? [];
      if (cells.join() !== step.predicted.cells.map((cell) => cell.hostCell).join())
        problems.push(
          `${step.id}: cells ${cells.join()}, predicted ${step.predicted.cells.map((c) => c.hostCell).join()}`,
        );
      state.apply({ kind: 'request', arrival });
      return;
    }
    ended.add(step.id);
    if (step.kind === 'confirm') state.apply({ kind: 'confirm', server: step.server });
    if (step.kind === 'disable-service')
      state.apply({ kind: 'service', host: step.host, status: 'disabled' });
    if (step.kind === 'enable-service') state.apply({ kind: 'service', host: step.host, status: 'enabled' });
  };

  for (;;) {
    const ready = steps.filter(mayRequest);
    const running = steps.filter(
      (step) => isMigration(step) && requested.has(step.id) && !ended.has(step.id),
    );
    const choice = rng.nextInt(Math.max(1, ready.length + running.length));
    const toRequest = ready[choice];
    const toEnd = running[choice - ready.length];
    if (toRequest !== undefined) request(toRequest);
    else if (toEnd !== undefined && isMigration(toEnd)) {
      ended.add(toEnd.id);
      state.apply({ kind: 'complete', server: toEnd.server });
    } else break;
    if (problems.length > 0) return problems;
  }
  if (ended.size < steps.length) problems.push(`${steps.length - ended.size} steps never came to their end`);
  return problems;
}

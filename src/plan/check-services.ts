import type { Cloud } from '../model/cloud.ts';
import { escapeControls } from '../shared/text.ts';
import type { Finding } from './finding.ts';
import type { Plan, ServiceStep } from './plan.ts';

/** A host is enabled only while it is disabled for the reason that the plan has seen: somebody else may have one since. */
export const checkServices = ({ steps }: Pick<Plan, 'steps'>, { hosts }: Cloud): readonly Finding[] =>
  steps.flatMap((step): readonly Finding[] => {
    if (step.kind !== 'enable-service') return [];
    const expected = reasonIn(step);
    const service = hosts.get(step.host)?.service;
    if (expected === undefined || service?.status !== 'disabled' || service.disabledReason === expected)
      return [];
    const now = service.disabledReason === undefined ? 'no reason' : escapeControls(service.disabledReason);
    const text = `${step.host} is disabled for another reason: ${now} (plan expects ${escapeControls(expected)})`;
    return [{ code: 'stale', step: step.id, text }];
  });

const reasonIn = ({ guards, host }: ServiceStep): string | undefined =>
  guards
    .flatMap((guard) => (guard.kind === 'service' && guard.host === host ? [guard.reason] : []))
    .find((reason) => reason !== undefined);

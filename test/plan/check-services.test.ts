import { expect, it } from 'vitest';
import { checkServices } from '../../src/plan/check-services.ts';
import { aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, hostId } from '../support/builders.ts';
import { planOf, told, verify } from './small-plan.ts';

const closed = (disabledReason: string) =>
  aCloud({
    hosts: [aHost('h1', { service: { status: 'disabled', state: 'up', forcedDown: false, disabledReason } })],
  });
const guard = { kind: 'service', host: hostId('h1'), status: 'disabled', state: 'up' } as const;
const enable = (reason?: string) =>
  planOf([
    aServiceStep({
      ...{ id: 'e1', kind: 'enable-service', host: hostId('h1') },
      guards: [{ ...guard, ...(reason !== undefined && { reason }) }],
    }),
  ]);

it('a host is enabled for the reason for which the cloud has it disabled, and no other', () => {
  const cloud = closed('planner: drain');

  expect(checkServices(enable('planner: drain'), cloud)).toEqual([]);
  expect(checkServices(enable(), cloud)).toEqual([]);
  expect(checkServices(enable('broken disk'), cloud)).toEqual([
    {
      code: 'stale',
      step: 'e1',
      text: 'h1 is disabled for another reason: planner: drain (plan expects broken disk)',
    },
  ]);
  expect(checkServices(enable('broken disk'), aCloud({ hosts: [aHost('h1')] }))).toEqual([]);
});

it('is part of what a plan is verified for', () => {
  const findings = verify(enable('broken disk'), aContext(closed('planner: drain')));

  expect(told(findings, 'stale')).toEqual([
    'e1: h1 is disabled for another reason: planner: drain (plan expects broken disk)',
  ]);
});

import type { Cloud } from '../../model/cloud.ts';
import type { ServerId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { omit } from '../../shared/omit.ts';
import type { PlanningOptions, PlanningRequest } from '../planning-request.ts';
import type { Change } from './answer.ts';
import { withCopyOf } from './copy-host.ts';

/** The request with these changes made. */
export const changed = (request: PlanningRequest, changes: readonly Change[]): PlanningRequest =>
  changes.reduce(changedOnce, request);

function changedOnce(request: PlanningRequest, change: Change): PlanningRequest {
  const { cloud, options } = request;
  switch (change.kind) {
    case 'allow':
      return { ...request, options: { ...options, allow: [...options.allow, change.word] } };
    case 'stop':
      return { ...request, cloud: withServer(change.server.server, cloud, stopped) };
    case 'unlock':
      return { ...request, cloud: withServer(change.server.server, cloud, { locked: false }) };
    case 'add-host': {
      const host = cloud.hosts.get(change.like);
      return host === undefined ? request : { ...request, cloud: withCopyOf(host, cloud) };
    }
    case 'lift':
      return change.option === '--rules'
        ? withoutRule(request, change.value)
        : { ...request, options: lifted(options, change.option, change.value, change.to) };
  }
}

function lifted(
  options: PlanningOptions,
  option: Exclude<Extract<Change, { kind: 'lift' }>['option'], '--rules'>,
  value: string,
  to: number | undefined,
): PlanningOptions {
  switch (option) {
    case '--max-moves':
      return to === undefined ? omit(options, 'maxMoves') : { ...options, maxMoves: to };
    case '--max-gib':
      return to === undefined ? omit(options, 'maxGiB') : { ...options, maxGiB: to };
    case '--headroom':
      return { ...options, headroomPercent: to ?? 0 };
    case '--survive-host-loss':
      return omit(options, 'surviveHostLoss');
    case '--exclude':
      return {
        ...options,
        exclude: options.exclude.filter((selector) => `${selector.kind}:${selector.value}` !== value),
      };
    case '--only':
      return { ...options, only: [] };
  }
}

function withoutRule(request: PlanningRequest, name: string): PlanningRequest {
  const { operatorRules } = request;
  if (operatorRules === undefined) return request;
  const rules = operatorRules.rules.filter((rule) => rule.name !== name);
  return { ...request, operatorRules: { ...operatorRules, rules } };
}

const stopped = { status: 'SHUTOFF', vmState: 'stopped', powerState: 'shutdown' } as const;

function withServer(id: ServerId, cloud: Cloud, change: Partial<Server>): Cloud {
  const server = cloud.servers.get(id);
  if (server === undefined) return cloud;
  return { ...cloud, servers: new Map(cloud.servers).set(id, { ...server, ...change }) };
}

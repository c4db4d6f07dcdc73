import type { ApiCall } from '../../openstack/session.ts';
import type { Call, MigrateCall, ServerCall, ServiceCall } from '../driver.ts';

/** Minor versions of Nova's API from which a body changes. */
const minor = { blockAuto: 25, force: 30, evacuateAuto: 14, evacuateForce: 29, serviceById: 53 };

const minorOf = (microversion: string): number => Number(microversion.split('.')[1] ?? 0);

/**
 * The request of a call, with the body of its microversion.
 *
 * @param early the microversion for ending a live migration: 2.65 where it is offered, which ends queued ones too
 */
export function requestOf(call: Call, early: string): ApiCall {
  if ('host' in call) return serviceRequest(call);
  const server = `/servers/${encodeURIComponent(call.server)}`;
  if ('migration' in call) {
    const migration = `${server}/migrations/${call.migration}`;
    return call.kind === 'abort'
      ? compute('DELETE', migration, early)
      : compute('POST', `${migration}/action`, early, { force_complete: null });
  }
  return compute('POST', `${server}/action`, call.microversion, actionOf(call));
}

const compute = (
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  microversion: string,
  body?: unknown,
): ApiCall => ({ service: 'compute', method, path, microversion, ...(body !== undefined && { body }) });

function actionOf(call: MigrateCall | ServerCall): unknown {
  switch (call.kind) {
    case 'live':
      return { 'os-migrateLive': liveBody(call) };
    case 'cold':
      return { migrate: { host: call.to } };
    case 'evacuate':
      return { evacuate: evacuateBody(call) };
    case 'confirm':
      return { confirmResize: null };
    case 'revert':
      return { revertResize: null };
    case 'stop':
      return { 'os-stop': null };
    case 'start':
      return { 'os-start': null };
  }
}

/** Below 2.30 a named host is always forced. */
function liveBody({ to: host, microversion, storage, forced }: MigrateCall): unknown {
  const version = minorOf(microversion);
  if (version < minor.blockAuto)
    return { host, block_migration: storage === 'block', disk_over_commit: false };
  return { host, block_migration: 'auto', ...(version >= minor.force && forced && { force: true }) };
}

function evacuateBody({ to: host, microversion, storage, forced }: MigrateCall): unknown {
  const version = minorOf(microversion);
  if (version < minor.evacuateAuto) return { host, onSharedStorage: storage !== 'block' };
  return { host, ...(version >= minor.evacuateForce && forced && { force: true }) };
}

function serviceRequest({ kind, host, serviceId, reason, microversion }: ServiceCall): ApiCall {
  const why = kind === 'disable' && reason !== undefined ? { disabled_reason: reason } : {};
  if (minorOf(microversion) >= minor.serviceById && serviceId !== undefined) {
    const status = kind === 'disable' ? 'disabled' : 'enabled';
    return compute('PUT', `/os-services/${encodeURIComponent(serviceId)}`, microversion, { status, ...why });
  }
  const verb = kind === 'disable' && reason !== undefined ? 'disable-log-reason' : kind;
  return compute('PUT', `/os-services/${verb}`, microversion, { host, binary: 'nova-compute', ...why });
}

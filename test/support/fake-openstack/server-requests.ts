import { z } from 'zod';
import type { Answer, Call, Look, MigrateCall } from '../../../src/execute/driver.ts';
import { hostId, serverId, type ServerId } from '../../../src/model/ids.ts';
import { type FakeAnswer, type FakeRequest, type LaterApi, ok } from './fake-api.ts';
import type { Working } from './working-cloud.ts';

const Target = z.object({ host: z.string() });
const Action = z.object({
  'os-migrateLive': Target.optional(),
  migrate: Target.optional(),
  evacuate: Target.optional(),
  confirmResize: z.null().optional(),
  revertResize: z.null().optional(),
  'os-stop': z.null().optional(),
  'os-start': z.null().optional(),
});
const ServiceChange = z.object({
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.string().optional(),
});

const wordOfConflict = 409;

/** What changes single servers and services, and what tells how far that is. */
export function serverRequests(working: Working): LaterApi {
  const { driver } = working;

  const asked = async (call: Call): Promise<FakeAnswer> => answerOf(await driver.request(call));

  async function action(id: ServerId, { body, microversion = '2.1' }: FakeRequest): Promise<FakeAnswer> {
    const wanted = Action.parse(JSON.parse(body));
    const server = { server: id, microversion };
    const kind = (['live', 'cold', 'evacuate'] as const).find((_, at) => targets(wanted)[at] !== undefined);
    const to = targets(wanted).find((target) => target !== undefined);
    if (kind !== undefined && to !== undefined) return asked(await migrateCall(kind, to.host, server));
    if (wanted.confirmResize === null) return asked({ kind: 'confirm', ...server });
    if (wanted.revertResize === null) return asked({ kind: 'revert', ...server });
    return asked({ kind: wanted['os-stop'] === null ? 'stop' : 'start', ...server });
  }

  const targets = ({ 'os-migrateLive': live, migrate, evacuate }: z.infer<typeof Action>) => [
    live,
    migrate,
    evacuate,
  ];

  async function migrateCall(
    kind: MigrateCall['kind'],
    to: string,
    { server, microversion }: { readonly server: ServerId; readonly microversion: string },
  ): Promise<MigrateCall> {
    const { server: seen } = await driver.look(server);
    const from = seen?.host ?? hostId('nowhere');
    const storage = working.storageOf(server);
    return { kind, server, from, to: hostId(to), microversion, storage, forced: false };
  }

  async function changeService(id: string, { body, microversion = '2.1' }: FakeRequest): Promise<FakeAnswer> {
    const { status, disabled_reason: reason } = ServiceChange.parse(JSON.parse(body));
    const service = (await driver.services()).find((one) => one.id === id);
    if (service === undefined) return { status: 404, body: fault(404, 'Service could not be found.') };
    const kind = status === 'disabled' ? 'disable' : 'enable';
    const call = { kind, host: service.host, microversion, ...(reason !== undefined && { reason }) } as const;
    await driver.request(call);
    return ok({ service: { id, status } });
  }

  async function actionsOf(id: ServerId, request: string): Promise<FakeAnswer | undefined> {
    const { actions } = await driver.look(id);
    if (request === '') return ok({ instanceActions: actions.map(actionMember) });
    const found = actions.find(({ requestId }) => requestId === request);
    if (found === undefined) return undefined;
    const events = found.errors.map((details) => ({
      event: 'conductor_migrate_server',
      result: 'Error',
      details,
    }));
    return ok({ instanceAction: { ...actionMember(found), events } });
  }

  const endEarly = (
    kind: 'abort' | 'force-complete',
    server: ServerId,
    migration: string,
  ): Promise<FakeAnswer> => asked({ kind, server, migration: Number(migration) });

  return (request) => {
    const { method, path, service } = request;
    if (service !== 'compute') return undefined;
    const [, kind = '', id = '', part = '', which = ''] = path.split('/');
    if (method === 'PUT' && kind === 'os-services') return changeService(id, request);
    if (kind !== 'servers') return undefined;
    const server = serverId(id);
    if (method === 'POST' && part === 'action') return action(server, request);
    if (method === 'DELETE' && part === 'migrations') return endEarly('abort', server, which);
    if (method === 'POST' && part === 'migrations') return endEarly('force-complete', server, which);
    return part === 'os-instance-actions' ? actionsOf(server, which) : undefined;
  };
}

const actionMember = ({ requestId, action, errors }: Look['actions'][number]) => ({
  request_id: requestId,
  action,
  message: errors.length > 0 ? 'Error' : null,
});

/** Requests that were lost on the way are those that a proxy gave up. */
function answerOf(answer: Answer): FakeAnswer {
  switch (answer.kind) {
    case 'accepted': {
      const { requestId } = answer;
      const headers = requestId === undefined ? {} : { 'x-openstack-request-id': requestId };
      return { status: 202, body: undefined, headers };
    }
    case 'refused': {
      const { status = wordOfConflict, text } = answer;
      return { status, body: fault(status, text) };
    }
    case 'lost':
      return { status: 504, body: fault(504, answer.text) };
  }
}

const fault = (code: number, message: string) => ({
  [code === wordOfConflict ? 'conflictingRequest' : 'badRequest']: { code, message },
});

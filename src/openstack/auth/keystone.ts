import { refusal, transportProblem, unreadable } from '../refusals.ts';
import type { Credentials } from '../credentials.ts';
import type { HttpReply, HttpRequest } from '../http/transport.ts';
import { OpenStackError } from '../openstack-error.ts';
import { tokenRequest } from './token-request.ts';
import { type Token, toToken } from './token.ts';

const call = 'POST /v3/auth/tokens';

/** The root of Keystone's version 3, whatever version the configured URL names. */
export const keystoneUrl = (authUrl: string): string =>
  `${authUrl.replace(/\/+$/, '').replace(/\/(?:v3|v2\.0)$/, '')}/v3`;

/**
 * Asks Keystone for a token and its catalog. Repeating it does no harm, so it is sent as a safe request would be.
 *
 * @throws OpenStackError that says which part of the credentials is not accepted, as far as Keystone tells.
 */
export async function fetchToken(
  { authUrl, method, name }: Credentials,
  send: (request: HttpRequest) => Promise<HttpReply>,
): Promise<Token> {
  const request: HttpRequest = {
    method: 'POST',
    url: `${keystoneUrl(authUrl)}/auth/tokens`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(tokenRequest(method)),
  };
  const reply = await send(request).catch((error: unknown) => {
    throw transportProblem(error, 'identity', call, keystoneUrl(authUrl));
  });
  if (reply.status === 401) throw notAccepted(reply, name);
  if (reply.status >= 400) throw refusal(reply, 'identity', call);
  if (reply.status >= 300) {
    throw new OpenStackError({
      kind: 'bad-request',
      service: 'identity',
      call,
      status: reply.status,
      message: `${keystoneUrl(authUrl)} sends on to another address: no password is sent there`,
      hint: 'write the address that Keystone really has as auth_url',
    });
  }
  const token = toToken(parsed(reply), reply.headers['x-subject-token']);
  if (token === undefined) throw unreadable(reply, 'identity', call, 'no token of Keystone v3');
  return token;
}

function parsed({ text }: HttpReply): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}

function notAccepted(reply: HttpReply, cloud: string): OpenStackError {
  const plain = refusal(reply, 'identity', call);
  return new OpenStackError({
    kind: 'unauthorized',
    service: 'identity',
    call,
    status: reply.status,
    message: `Keystone does not accept the credentials of ${cloud}`,
    ...(plain.requestId !== undefined && { requestId: plain.requestId }),
    ...(plain.said !== undefined && { said: plain.said }),
    hint: 'check user, domain, project and password (or the application credential: it may be deleted or expired)',
  });
}

import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createHttpsTransport } from '../../src/openstack/http/https-transport.ts';
import { TransportError } from '../../src/openstack/http/transport.ts';

const running: { readonly server: Server; readonly sockets: Socket[] }[] = [];
afterEach(() => {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

/** Somebody who takes connections, and says nothing on them. */
function startSilent(): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.resume()));
  running.push({ server, sockets });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function faultOf(
  url: string,
  limits: { readonly connectMs: number; readonly timeoutMs: number },
): Promise<unknown> {
  const means = { tls: { verify: true }, connections: 1, maxReplyBytes: 1000, ...limits };
  const transport = createHttpsTransport(means);
  try {
    return await transport.send({ method: 'GET', url, headers: {} });
  } catch (error) {
    return error instanceof TransportError ? [error.fault, error.message] : error;
  } finally {
    transport.close();
  }
}

it('gives a connection up that is not made in time: nothing has been asked on it', async () => {
  const port = await startSilent();

  expect(await faultOf(`https://127.0.0.1:${port}/`, { connectMs: 100, timeoutMs: 600_000 })).toEqual([
    'unreachable',
    'no connection within 0.1 s',
  ]);
});

it('waits for the answer of who has taken the connection', async () => {
  const port = await startSilent();

  expect(await faultOf(`http://127.0.0.1:${port}/`, { connectMs: 600_000, timeoutMs: 200 })).toEqual([
    'timeout',
    'no answer within 0.2 s',
  ]);
});

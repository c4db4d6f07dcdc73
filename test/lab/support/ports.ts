import { createServer } from 'node:net';

const first = 21_000;
const step = 20;
const tries = 50;

const portsFrom = (base: number) => ({
  keystone: base,
  placement: base + 1,
  compute: base + 2,
  image: base + 3,
  network: base + 4,
  database: base + 5,
  messages: base + 6,
  messagePeers: base + 7,
  messageNames: base + 8,
});

export type Ports = Readonly<ReturnType<typeof portsFrom>>;

/** Neighbouring free ports of the loopback, so that two checkouts can have a lab at the same time. */
export async function freePorts(): Promise<Ports> {
  for (let base = first; base < first + step * tries; base += step) {
    const ports = portsFrom(base);
    const free = await Promise.all(Object.values(ports).map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`no free ports for the lab between ${first} and ${first + step * tries}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting {
  readonly what: string;
  readonly seconds?: number;
  readonly everySeconds?: number;
}

/** A limit only against a hang, in seconds: no test may fail because the machine is busy. */
const patience = 240;

/** Asks until `answer` is neither undefined nor false, and gives that answer; fails with what was waited for. */
export async function waitFor<Answer>(
  waiting: Waiting,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
): Promise<Answer> {
  const { what, seconds = patience, everySeconds = 0.3 } = waiting;
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(everySeconds * 1000);
  }
}

export const waitForPort = (port: number, what: string) =>
  waitFor({ what: `${what} on port ${port}`, everySeconds: 0.1 }, () => answers(port));

export const waitForHttp = (url: string, what: string) =>
  waitFor({ what: `${what} at ${url}`, everySeconds: 0.2 }, () =>
    fetch(url).then(
      ({ status }) => status < 500,
      () => false,
    ),
  );

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

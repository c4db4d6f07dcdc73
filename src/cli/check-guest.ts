import { execFile } from 'node:child_process';
import { isIP } from 'node:net';
import type { Check } from '../execute/runner/tools.ts';

/** Seconds that a check may take. */
const checkSeconds = 120;

/** How the guests of a run are looked at; nothing where nobody wants it. */
export function checkOf({ check, ping }: { readonly check?: string; readonly ping?: true }): {
  readonly check?: Check;
} {
  const checks = [...(ping === true ? [pingAny] : []), ...(check === undefined ? [] : [checkBy(check)])];
  if (checks.length === 0) return {};
  return {
    async check(server, when) {
      for (const one of checks) {
        const result = await one(server, when);
        if (!result.ok) return result;
      }
      return { ok: true };
    },
  };
}

/**
 * A command that looks at a guest; it passes when it ends with 0. What the cloud tells of the server comes by the
 * environment alone, never by the command line: names may hold anything.
 */
export function checkBy(command: string): Check {
  return ({ id, name, addresses }, when) => {
    const env = {
      ...process.env,
      SERVER_ID: withoutNul(id),
      SERVER_NAME: withoutNul(name),
      SERVER_ADDRESSES: withoutNul(addresses.join(' ')),
      CHECK_WHEN: when,
    };
    return ended('/bin/sh', ['-c', command], env);
  };
}

/** Environments cannot hold it. */
const withoutNul = (text: string): string => text.replaceAll('\0', '');

/** Some address of the server answers. */
const pingAny: Check = async ({ name, addresses }) => {
  const known = addresses.filter((address) => isIP(address) !== 0);
  if (known.length === 0) return { ok: false, text: `the cloud tells no address of ${name}` };
  const answers = await Promise.all(
    known.map((address) => ended('ping', ['-n', '-c', '3', '-W', '2', address], process.env)),
  );
  const heard = answers.find(({ ok }) => ok);
  return heard ?? { ok: false, text: `none of ${known.join(', ')} answers ping` };
};

const ended = (file: string, words: readonly string[], env: NodeJS.ProcessEnv): ReturnType<Check> =>
  new Promise((resolve) => {
    execFile(file, words, { env, timeout: checkSeconds * 1000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ ok: true });
      else resolve({ ok: false, text: firstText(stderr, stdout, error.message) });
    });
  });

/** Characters of a check's words that go into the journal. */
const mostCharacters = 500;

const firstText = (...texts: readonly string[]): string =>
  (texts.map((text) => text.trim()).find((text) => text !== '') ?? '').slice(0, mostCharacters);

import { execFile } from 'node:child_process';
import { isIP } from 'node:net';
import type { Check } from '../execute/runner/tools.ts';

/** Seconds that a check may take. */
const checkSeconds = 120;

type Environment = Readonly<Record<string, string | undefined>>;

/** How the guests of a run are looked at; nothing where nobody wants it. */
export function checkOf(
  { check, ping }: { readonly check?: string; readonly ping?: true },
  env: Environment,
): { readonly check?: Check } {
  const checks = [
    ...(ping === true ? [pingBy(env)] : []),
    ...(check === undefined ? [] : [checkBy(check, env)]),
  ];
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
 * environment alone, never by the command line: names may hold anything. What the planner logs in with is not its
 * business.
 *
 * @param env the planner's own environment
 */
export function checkBy(command: string, env: Environment): Check {
  return ({ id, name, addresses }, when) => {
    const given = {
      ...withoutSecrets(env),
      SERVER_ID: withoutNul(id),
      SERVER_NAME: withoutNul(name),
      SERVER_ADDRESSES: withoutNul(addresses.join(' ')),
      CHECK_WHEN: when,
    };
    return ended('/bin/sh', ['-c', command], given);
  };
}

/** By which the planner logs in: clouds and their databases. */
const secret = /^(?:OS_|PLANNER_|PGPASSWORD$|MYSQL_PWD$)/;

const withoutSecrets = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !secret.test(name)));

/** Environments cannot hold it. */
const withoutNul = (text: string): string => text.replaceAll('\0', '');

/** Some address of the server answers. */
const pingBy =
  (env: Environment): Check =>
  async ({ name, addresses }) => {
    const known = addresses.filter((address) => isIP(address) !== 0);
    if (known.length === 0) return { ok: false, text: `the cloud tells no address of ${name}` };
    const given = withoutSecrets(env);
    const answers = await Promise.all(
      known.map((address) => ended('ping', ['-n', '-c', '3', '-W', '2', address], given)),
    );
    const heard = answers.find(({ ok }) => ok);
    return heard ?? { ok: false, text: `none of ${known.join(', ')} answers ping` };
  };

const ended = (file: string, words: readonly string[], env: Environment): ReturnType<Check> =>
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

import type { ServerStep } from './judge.ts';
import type { Running } from './tools.ts';

/** Why a guest does not pass its check; undefined where it does, or nobody asked for one. */
export async function failedCheck(
  { server: id, serverName: name }: Pick<ServerStep, 'server' | 'serverName'>,
  when: 'before' | 'after',
  { check, driver }: Running,
): Promise<string | undefined> {
  if (check === undefined) return undefined;
  const addresses = await driver.look(id).then(
    ({ server }) => server?.addresses ?? [],
    () => [],
  );
  const result = await check({ id, name, addresses }, when);
  return result.ok ? undefined : result.text;
}

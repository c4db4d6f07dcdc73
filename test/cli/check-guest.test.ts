import { expect, it } from 'vitest';
import { checkBy, checkOf } from '../../src/cli/check-guest.ts';

const env = { PATH: '/usr/bin:/bin' };
const server = { id: 's-1', name: 'web', addresses: ['10.0.0.1', 'fd00::1'] };

it('tells a command of which server it is, and when', async () => {
  const check = checkBy('echo "$SERVER_ID $SERVER_NAME $SERVER_ADDRESSES $CHECK_WHEN"; exit 3', env);

  expect(await check(server, 'after')).toEqual({ ok: false, text: 's-1 web 10.0.0.1 fd00::1 after' });
  expect(await checkBy('exit 0', env)(server, 'before')).toEqual({ ok: true });
});

it('never lets a name be a command', async () => {
  const name = '$(touch /nowhere/x); `id`; "; exit 0 #\0\n';

  const result = await checkBy('printf %s "$SERVER_NAME"; exit 1', env)({ ...server, name }, 'before');

  expect(result).toEqual({ ok: false, text: '$(touch /nowhere/x); `id`; "; exit 0 #' });
});

it('pings addresses only, whatever the cloud tells', async () => {
  const { check } = checkOf({ ping: true }, env);

  expect(await check?.({ ...server, addresses: ['-f', 'host.example'] }, 'before')).toEqual({
    ok: false,
    text: 'the cloud tells no address of web',
  });
  expect(checkOf({}, env)).toEqual({});
});

it('wants both where both are asked for', async () => {
  const both = checkOf({ ping: true, check: 'exit 0' }, env);

  expect(await both.check?.({ ...server, addresses: [] }, 'before')).toMatchObject({ ok: false });
});

it('is told nothing of what the planner logs in with', async () => {
  const secrets = {
    OS_PASSWORD: 'geheim-1',
    OS_TOKEN: 'geheim-2',
    OS_APPLICATION_CREDENTIAL_SECRET: 'geheim-3',
    PLANNER_NOVA_DB: 'mysql://nova:geheim-4@db/nova',
    PLANNER_NOVA_DB_PASSWORD: 'geheim-5',
    PGPASSWORD: 'geheim-6',
  };
  const check = checkBy('env | grep -c geheim; echo "$HOME $CHECK_WHEN"; exit 1', {
    ...{ ...env, HOME: '/home/operator' },
    ...secrets,
  });

  expect(await check(server, 'before')).toEqual({ ok: false, text: '0\n/home/operator before' });
});

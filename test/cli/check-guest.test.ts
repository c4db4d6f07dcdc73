import { expect, it } from 'vitest';
import { checkBy, checkOf } from '../../src/cli/check-guest.ts';

const server = { id: 's-1', name: 'web', addresses: ['10.0.0.1', 'fd00::1'] };

it('tells a command of which server it is, and when', async () => {
  const check = checkBy('echo "$SERVER_ID $SERVER_NAME $SERVER_ADDRESSES $CHECK_WHEN"; exit 3');

  expect(await check(server, 'after')).toEqual({ ok: false, text: 's-1 web 10.0.0.1 fd00::1 after' });
  expect(await checkBy('exit 0')(server, 'before')).toEqual({ ok: true });
});

it('never lets a name be a command', async () => {
  const name = '$(touch /nowhere/x); `id`; "; exit 0 #\0\n';

  const result = await checkBy('printf %s "$SERVER_NAME"; exit 1')({ ...server, name }, 'before');

  expect(result).toEqual({ ok: false, text: '$(touch /nowhere/x); `id`; "; exit 0 #' });
});

it('pings addresses only, whatever the cloud tells', async () => {
  const { check } = checkOf({ ping: true });

  expect(await check?.({ ...server, addresses: ['-f', 'host.example'] }, 'before')).toEqual({
    ok: false,
    text: 'the cloud tells no address of web',
  });
  expect(checkOf({})).toEqual({});
});

it('wants both where both are asked for', async () => {
  const both = checkOf({ ping: true, check: 'exit 0' });

  expect(await both.check?.({ ...server, addresses: [] }, 'before')).toMatchObject({ ok: false });
});

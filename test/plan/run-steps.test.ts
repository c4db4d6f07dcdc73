import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Step } from '../../src/plan/plan.ts';
import { runSteps } from '../../src/plan/run-steps.ts';
import { createState, type State } from '../../src/replay/state.ts';
import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { after, move } from './small-plan.ts';

const context = aContext(
  aCloud({
    hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
    servers: [aServer('a', 'h1'), aServer('b', 'h2')],
  }),
);

const claims = (state: State): string =>
  ['a', 'b']
    .flatMap((server) =>
      state.claimsOf(serverId(server)).map(({ role, host }) => `${server} ${role} ${host}`),
    )
    .toSorted()
    .join(', ');

/** What the state is like at each request, and at the end. */
const watch = (steps: readonly Step[], refuse: readonly string[] = []) => {
  const state = createState(context);
  const seen: string[] = [];
  runSteps(steps, state, context, ({ step, arrival }) => {
    const how = arrival === undefined ? 'nowhere' : claims(state);
    seen.push(`${step.id}: ${how}`);
    return !refuse.includes(step.id);
  });
  return { state, seen, end: claims(state) };
};

describe('runSteps', () => {
  it('keeps every claim until something waits for its end', () => {
    const { seen, end } = watch([
      move('m1', 'a', 'h1', 'h3'),
      move('m2', 'b', 'h2', 'h1'),
      move('m3', 'a', 'h3', 'h2', after('m1')),
    ]);

    expect(seen).toEqual([
      'm1: a resident h1, b resident h2',
      'm2: a incoming h3, a outgoing h1, b resident h2',
      'm3: a resident h3, b incoming h1, b outgoing h2',
    ]);
    expect(end).toBe('a resident h2, b resident h1');
  });

  it('keeps the source of a cold migration until something waits for its confirm', () => {
    const { seen, end } = watch([
      move('m1', 'a', 'h1', 'h3', { kind: 'cold' }),
      aConfirm({ id: 'c1', server: serverId('a'), of: 'm1', ...after('m1') }),
      move('m2', 'b', 'h2', 'h1', after('m1')),
      move('m3', 'b', 'h1', 'h2', after('c1', 'm2')),
    ]);

    expect(seen).toEqual([
      'm1: a resident h1, b resident h2',
      'm2: a resident h3, a unconfirmed h1, b resident h2',
      'm3: a resident h3, b resident h1',
    ]);
    expect(end).toBe('a resident h3, b resident h2');
  });

  it('cannot confirm what has not ended', () => {
    const { end } = watch([
      move('m1', 'a', 'h1', 'h3', { kind: 'cold' }),
      aConfirm({ id: 'c1', server: serverId('a'), of: 'm1', dependsOn: [] }),
    ]);

    expect(end).toBe('a resident h3, a unconfirmed h1, b resident h2');
  });

  it('leaves what an evacuation leaves', () => {
    const { end } = watch([move('m1', 'a', 'h1', 'h3', { kind: 'evacuate' })]);

    expect(end).toBe('a resident h3, a residue h1, b resident h2');
  });

  it('passes over steps whose server is elsewhere or unknown, and those that nobody wants', () => {
    const { seen, end } = watch(
      [move('m1', 'a', 'h2', 'h3'), move('m2', 'x', 'h1', 'h3'), move('m3', 'b', 'h2', 'h3')],
      ['m3'],
    );

    expect(seen).toEqual(['m1: nowhere', 'm2: nowhere', 'm3: a resident h1, b resident h2']);
    expect(end).toBe('a resident h1, b resident h2');
  });

  it('closes hosts at once and opens them only when something waits for it, or at the end', () => {
    const enable = aServiceStep({ id: 'e1', kind: 'enable-service', host: hostId('h1'), ...after('d1') });
    const status: string[] = [];
    const state = createState(context);

    runSteps(
      [
        aServiceStep({ id: 'd1', host: hostId('h1') }),
        enable,
        move('m1', 'a', 'h1', 'h3'),
        move('m2', 'b', 'h2', 'h3', after('e1')),
      ],
      state,
      context,
      () => {
        status.push(state.serviceStatus(hostId('h1')));
        return true;
      },
    );

    expect(status).toEqual(['disabled', 'enabled']);
    expect(state.serviceStatus(hostId('h1'))).toBe('enabled');
  });

  it('stops and starts servers', () => {
    const { requestAfter, dependsOn, wave, microversion, reason, undo, guards } = move('p', 'a', 'h1', 'h2');
    const power = (id: string, kind: 'stop' | 'start'): Step => ({
      id,
      kind,
      server: serverId('a'),
      serverName: 'a',
      ...{
        startSeconds: 0,
        endSeconds: 30,
        requestAfter,
        dependsOn,
        wave,
        microversion,
        reason,
        undo,
        guards,
      },
    });
    const wait: Step = { ...power('p3', 'stop'), kind: 'wait', seconds: 5 };
    const vmState = (steps: readonly Step[]) => watch(steps).state.vmState(serverId('a'));

    expect(vmState([power('p1', 'stop'), wait])).toBe('stopped');
    expect(vmState([power('p1', 'stop'), power('p2', 'start')])).toBe('active');
  });

  it('manages chains that are longer than the call stack', () => {
    const steps = Array.from({ length: 20_001 }, (_, k) => {
      const [from, to] = k % 2 === 0 ? ['h1', 'h2'] : ['h2', 'h1'];
      return move(`m${k}`, 'a', from, to, k === 0 ? {} : after(`m${k - 1}`));
    });

    expect(watch(steps).end).toBe('a resident h2, b resident h2');
  });
});

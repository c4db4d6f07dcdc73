import { describe, expect, it } from 'vitest';
import { forced } from '../../../src/constraints/rules/forced.ts';
import { providerId } from '../../../src/model/ids.ts';
import type { Server } from '../../../src/model/server.ts';
import { aHost } from '../../support/builders.ts';
import { anInventory } from '../../support/parts.ts';
import { say } from '../../support/say.ts';
import { type Asked, oneServer } from './device-support.ts';

const allocations = [{ provider: providerId('rp-h1'), resources: { MEMORY_MB: 4096, VCPU: 2 } }];
const ask = (over: Partial<Server> = {}, asked: Asked = {}, method: 'live' | 'cold' = 'live') =>
  say(forced, oneServer({ allocations, ...over }, { allow: ['forced'], ...asked }), 's1', 'h2', {
    forced: true,
    method,
  });

describe('forced', () => {
  it('needs the operator, the release and a live migration', () => {
    expect(ask()).toBe('yes');
    expect(ask({}, { allow: [] })).toBe('server s1: it would go past the scheduler by force: allow forced');
    expect(ask({}, { switches: { forcedLive: false } })).toBe(
      'server s1: this release forces no live migration past the scheduler',
    );
    expect(ask({}, {}, 'cold')).toBe('server s1: only a live migration is forced');
  });

  it('moves no allocation that is on several providers', () => {
    const nested = { provider: providerId('rp-h1-gpu'), resources: { VGPU: 1 } };
    const empty = { provider: providerId('rp-h1-pf'), resources: {} };

    expect(ask({ allocations: [...allocations, nested] })).toBe(
      'server s1: its allocation is on 2 resource providers, and Nova forces none such',
    );
    expect(ask({ allocations: [...allocations, empty] })).toBe('yes');
  });

  it('wants more memory free than the flavor has, not as much', () => {
    const into = (memoryMiB: number) => ask({}, { to: { providers: aHost('h2', { memoryMiB }).providers } });

    expect(into(4097)).toBe('yes');
    expect(into(4096)).toBe(
      'host h2: a forced migration of 4096 MiB needs more than that free, 4096 MiB are',
    );
    expect(ask({}, { to: { providers: [] } })).toContain('unknown, safe no');
  });

  it('counts what is reserved and overcommitted as the compute node does', () => {
    const [root] = aHost('h2').providers;
    const memory = anInventory(3000, { reserved: 500, allocationRatio: 2 });
    const providers = root === undefined ? [] : [{ ...root, inventories: new Map([['MEMORY_MB', memory]]) }];

    expect(ask({}, { to: { providers } })).toBe('yes'); // 3000 × 2 − 500
    expect(ask({}, { to: { providers, ramAllocationRatio: 1.5 } })).toContain('4000 MiB are');
  });

  it('asks nothing of arrivals that are not forced', () => {
    expect(say(forced, oneServer({}), 's1', 'h2')).toBe('yes');
  });
});

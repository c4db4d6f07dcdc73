import { describe, expect, it } from 'vitest';
import { operatorRules } from '../../src/constraints/operator/operator-rules.ts';
import { rules } from '../../src/constraints/registry.ts';
import { createState } from '../../src/replay/state.ts';
import { serialSets } from '../../src/schedule/serial-sets.ts';
import { aCloud, aContext, aGroup, aHost, aServer, serverId } from '../support/builders.ts';

describe('servers that never travel at the same time', () => {
  const cloud = aCloud({
    hosts: [aHost('h1', { rack: 'r1' }), aHost('h2', { rack: 'r2' })],
    servers: ['s1', 's2', 's3', 's4'].map((name) => aServer(name, 'h1')),
    groups: [aGroup(['s1', 's2'], { name: 'close', policy: 'affinity' })],
  });
  const apart = (per: 'host' | 'rack') =>
    operatorRules(
      {
        formatVersion: 1,
        kind: 'rules',
        rules: [{ kind: 'keep-apart', name: 'apart', servers: { name: ['s2', 's3'] }, per }],
      },
      cloud,
    ).rules;
  const setsOf = (per: 'host' | 'rack') =>
    serialSets([...rules, ...apart(per)], createState(aContext(cloud)), []);

  it('are those of an affinity group, and those that a rule keeps apart over several hosts', () => {
    const sets = setsOf('rack');

    expect(sets(serverId('s1'))).toEqual([expect.stringMatching(/^affinity group close /)]);
    expect(sets(serverId('s2'))).toEqual([expect.stringMatching(/^affinity group close /), 'rule apart']);
    expect(sets(serverId('s3'))).toEqual(['rule apart']);
    expect(sets(serverId('s4'))).toEqual([]);
  });

  it('are none where a rule counts on single hosts', () => {
    expect(setsOf('host')(serverId('s3'))).toEqual([]);
  });
});

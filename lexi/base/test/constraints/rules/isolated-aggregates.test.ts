import { describe, expect, it } from 'vitest';
import { isolatedAggregates } from '../../../src/constraints/rules/isolated-aggregates.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aggregateId, aHost, aServer, hostId, someConfig } from '../../support/builders.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const kept = aggregateId('a1');
const cloudWith = (extraSpecs: Record<string, string>, at = 'h1', on = true) =>
  aContext(
    aCloud({
      hosts: [aHost('h1'), aHost('h2', { aggregates: [kept] })],
      aggregates: new Map([
        [
          kept,
          {
            id: kept,
            name: 'a1',
            hosts: [hostId('h2')],
            metadata: { 'trait:CUSTOM_WIN': 'required', x: 'y' },
          },
        ],
      ]),
      servers: [aServer('s1', at, { extraSpecs })],
      config: { ...someConfig, isolatedAggregateFiltering: { value: on, known: true } },
    }),
    { allow: ['forced'] },
  );

describe('isolated-aggregates', () => {
  it('keeps hosts for servers that require the trait', () => {
    expect(say(isolatedAggregates, cloudWith({}), 's1', 'h2')).toBe(
      'host h2 is kept for servers that require CUSTOM_WIN',
    );
    expect(say(isolatedAggregates, cloudWith({ 'trait:CUSTOM_WIN': 'required' }), 's1', 'h2')).toBe('yes');
    expect(say(isolatedAggregates, cloudWith({ 'trait:CUSTOM_WIN': 'forbidden' }), 's1', 'h2')).not.toBe(
      'yes',
    );
  });

  it('asks nothing where it is off, and of forced arrivals', () => {
    expect(say(isolatedAggregates, cloudWith({}, 'h1', false), 's1', 'h2')).toBe('yes');
    expect(say(isolatedAggregates, cloudWith({}), 's1', 'h2', { forced: true })).toBe('yes');
  });

  it('reports who is there all the same, and compiles to the hosts that are left', () => {
    expect(broken(isolatedAggregates, createState(cloudWith({}, 'h2')))).toEqual([
      'host h2 is kept for servers that require CUSTOM_WIN (s1)',
    ]);
    const unforced = { ...cloudWith({}), allow: new Set<never>() };
    expect(allowedHosts(isolatedAggregates.compile(unforced), 's1')).toEqual(['h1']);
    expect(isolatedAggregates.compile(cloudWith({}))).toEqual([]);
  });
});

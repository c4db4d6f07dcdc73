import { describe, expect, it } from 'vitest';
import { numInstances } from '../../../src/constraints/rules/num-instances.ts';
import { createState } from '../../../src/replay/state.ts';
import {
  aCloud,
  aContext,
  aggregateId,
  aHost,
  anArrival,
  aServer,
  hostId,
  someConfig,
} from '../../support/builders.ts';
import { broken, say } from '../../support/say.ts';

const small = aggregateId('a1');
const contextOf = (filters: readonly string[], most: number, metadata: Record<string, string> = {}) =>
  aContext(
    aCloud({
      hosts: [aHost('h1'), aHost('h2', { aggregates: [small] })],
      aggregates: new Map([[small, { id: small, name: 'a1', hosts: [hostId('h2')], metadata }]]),
      servers: [aServer('s1', 'h1'), aServer('s2', 'h1'), aServer('s3', 'h2'), aServer('s4', 'h2')],
      config: {
        ...someConfig,
        enabledFilters: { value: filters, known: true },
        maxInstancesPerHost: { value: most, known: true },
      },
    }),
  );

describe('num-instances', () => {
  it('counts servers of a host, those on their way too', () => {
    const context = contextOf(['NumInstancesFilter'], 3);
    const state = createState(context);

    expect(say(numInstances, context, 's1', 'h2')).toBe('yes');
    state.apply({ kind: 'request', arrival: anArrival(context, 's2', 'h2') });

    expect(say(numInstances, context, 's1', 'h2', {}, state)).toBe('host h2 would run 4 servers, limit 3');
    expect(say(numInstances, context, 's1', 'h2', { forced: true }, state)).toBe('yes');
  });

  it('goes by the least number that an aggregate of the host names, where that filter is enabled', () => {
    const both = { max_instances_per_host: '5,2' };

    expect(say(numInstances, contextOf(['AggregateNumInstancesFilter'], 50, both), 's1', 'h2')).toBe(
      'host h2 would run 3 servers, limit 2',
    );
    expect(
      say(
        numInstances,
        contextOf(['AggregateNumInstancesFilter'], 50, { max_instances_per_host: 'few' }),
        's1',
        'h2',
      ),
    ).toBe('yes');
    expect(say(numInstances, contextOf(['NumInstancesFilter'], 50, both), 's1', 'h2')).toBe('yes');
  });

  it('reports hosts with more, and compiles to so many a host', () => {
    const context = contextOf(['NumInstancesFilter'], 1);

    expect(broken(numInstances, createState(context))).toEqual([
      'host h1 would run 2 servers, limit 1 (s1, s2)',
      'host h2 would run 2 servers, limit 1 (s3, s4)',
    ]);
    expect(numInstances.compile(context)).toMatchObject([
      {
        kind: 'capacity',
        limits: new Map([
          ['h1', 1],
          ['h2', 1],
        ]),
        bothEnds: true,
      },
    ]);
    expect(numInstances.compile({ ...context, allow: new Set(['forced']) })).toEqual([]);
  });

  it('asks nothing where no filter counts', () => {
    expect(say(numInstances, contextOf([], 1), 's1', 'h2')).toBe('yes');
    expect(numInstances.compile(contextOf([], 1))).toEqual([]);
  });
});

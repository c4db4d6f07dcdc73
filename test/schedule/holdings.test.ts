import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/constraints/rule.ts';
import { withDown } from '../../src/model/assumed-down.ts';
import { heldBy } from '../../src/schedule/holdings.ts';
import { listSearch, prepare } from '../../src/schedule/list-search.ts';
import type { OrderedStep } from '../../src/schedule/ordered.ts';
import type { OrderRequest } from '../../src/schedule/run.ts';
import { createRng } from '../../src/shared/rng.ts';
import { aCloud, aContext, aHost, anArrival, aServer, hostId } from '../support/builders.ts';
import { randomCloud } from './random-cloud.ts';
import { execute, requestOf } from './support.ts';

/** The steps of the list search, before they get better times and waits. */
function listed(request: OrderRequest): readonly OrderedStep[] | undefined {
  const outcome = listSearch(prepare(request));
  return outcome.kind === 'ordered' ? outcome.steps : undefined;
}

describe('what a migration holds', () => {
  const servers = [aServer('a', 'h1')];
  const cloud = aCloud({ servers, networkLimits: { maxInbound: 2 } });
  const held = (mbps: number, maxParallel?: number, of = cloud) =>
    heldBy(anArrival(aContext(of), 'a', 'h2'), mbps, of, maxParallel).map(
      ({ resource, capacity, amount, reason }) => `${amount} of ${capacity} ${resource}: ${reason()}`,
    );

  it('is slots of both hosts, the links on its way, and one of so many at a time', () => {
    expect(held(4000, 3)).toEqual([
      '1 of 1 outgoing h1: one outgoing migration of h1 at a time',
      '1 of 2 incoming h2: at most 2 incoming migrations of h2 at a time',
      '4000 of 10000 nic h1 out: the outbound link of h1 is taken until then (10000 Mbit/s)',
      '4000 of 10000 nic h2 in: the inbound link of h2 is taken until then (10000 Mbit/s)',
      '1 of 3 all: at most 3 migrations at a time',
    ]);
  });

  it('is no slot of a host that is down, or assumed to be', () => {
    expect(held(0, undefined, withDown(aCloud({ servers }), [hostId('h1')]))).toEqual([]);
  });

  it('is no link where nothing is copied, and nothing that has no limit', () => {
    expect(held(0, undefined, aCloud({ servers }))).toEqual([
      '1 of 1 outgoing h1: one outgoing migration of h1 at a time',
    ]);
  });
});

describe('migrations at a time', () => {
  it('are as many as the operator wants in every execution of what the list search finds', () => {
    let crowded = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const { context, target } = randomCloud(createRng(seed), { hosts: 6, fill: 60, walk: 60 });
      const steps = listed(requestOf(context, Object.fromEntries(target), { options: { maxParallel: 2 } }));
      const rng = createRng(seed, 1);
      const problems = execute(
        steps ?? [],
        context,
        steps === undefined ? new Map() : target,
        (choices) => rng.nextInt(choices),
        (running) => {
          crowded = Math.max(crowded, running);
        },
      );
      expect(problems).toEqual([]);
    }
    expect(crowded).toBe(2);
  });

  it('are not asked for again while others run and nothing changes on the host', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const hosts = names.flatMap((name) => [aHost(`${name}1`), aHost(`${name}2`)]);
    const context = aContext(aCloud({ hosts, servers: names.map((name) => aServer(name, `${name}1`)) }));
    const target = Object.fromEntries(names.map((name) => [name, `${name}2`]));
    let questions = 0;
    const counting: Rule = {
      id: 'counting',
      scope: 'pair',
      holds: 'always',
      judge: () => {
        questions += 1;
        return { kind: 'yes' };
      },
      audit: () => [],
      compile: () => [],
      describe: () => '',
    };
    const asked = (maxParallel: number): number => {
      const over = { options: { maxParallel }, rules: [counting] };
      const prepared = prepare(requestOf(context, target, over));
      questions = 0;
      listSearch(prepared);
      return questions;
    };

    expect([asked(6), asked(1)]).toEqual([6, 11]);
  });
});

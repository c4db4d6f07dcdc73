import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, readPageData, unpack } from '../../../src/report/page/packed.ts';

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('live', 'cold', '"\\<&'));
const entry = fc.record(
  {
    name: texts,
    kind: fc.constantFrom('live', 'cold', 'evacuate'),
    at: fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    ),
    forced: fc.constant(true),
    facts: fc.array(fc.tuple(texts, texts)),
    changes: fc.array(fc.integer()),
    cells: fc.array(fc.record({ id: fc.nat(), meters: fc.array(fc.nat(9)) }, { requiredKeys: ['meters'] })),
  },
  { requiredKeys: ['name', 'facts'] },
);

describe('packed values', () => {
  it('are what they were when they are unpacked', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), fc.array(fc.nat()), (steps, used) => {
        const value = { title: 'x', steps, used, cloud: { events: steps.slice(1) } };

        const read: unknown = JSON.parse(JSON.stringify(pack(value)));

        expect(unpack(read as ReturnType<typeof pack>)).toEqual(value);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('are right with more different ones than two characters can tell apart', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => ({
      host: `cmp-${index % 9000}`,
      n: (index * 7919) % 9001,
    }));

    expect(unpack(pack(many))).toEqual(many);
  });

  it('are short where they repeat', () => {
    const steps = Array.from({ length: 1000 }, (_, at) => ({
      kind: 'live',
      facts: [['takes', '1 min']],
      at: at * 100,
    }));

    expect(JSON.stringify(pack(steps)).length).toBeLessThan(1500);
  });
});

describe('the data of a page', () => {
  it.each(['null', '{}', '[]', '{"v":[1]}', '{"o":{}}'])('is not %s', (text) => {
    expect(() => readPageData(text)).toThrow('this is not the data of a plan');
  });
});

import { describe, expect, it } from 'vitest';
import { createEffort } from '../../../src/schedule/effort.ts';
import { coreOf } from '../../../src/schedule/exact/core.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { requestOf } from '../support.ts';

const big = (name: string, host: string, memoryGiB: number) => aServer(name, host, { memoryGiB });

describe('coreOf', () => {
  const context = aContext(
    aCloud({
      hosts: ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name, { memoryMiB: name === 'h4' ? 8192 : 65536 })),
      servers: [
        big('a', 'h1', 64),
        big('b', 'h2', 64),
        big('c', 'h3', 4),
        big('d', 'h3', 2),
        big('f', 'h3', 58),
      ],
    }),
  );
  const request = requestOf(context, { c: 'h4', d: 'h4', a: 'h2', b: 'h1' });

  it('leaves out the moves that can be spared, and the cloud as it was', () => {
    const before = request.start.assignment();

    const core = coreOf(request, request.target, createEffort(10_000));

    expect(core?.map(({ server, to }) => `${server} ${to}`)).toEqual(['a h2', 'b h1']);
    expect(request.start.assignment()).toEqual(before);
  });

  it('is not known where effort ends first', () => {
    expect(coreOf(request, request.target, createEffort(1))).toBeUndefined();
  });
});

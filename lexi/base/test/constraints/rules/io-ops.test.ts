import { describe, expect, it } from 'vitest';
import { ioOps } from '../../../src/constraints/rules/io-ops.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, anArrival, aServer, someConfig } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

const contextOf = (filters: readonly string[], allow: readonly 'cold'[] = []) =>
  aContext(
    aCloud({
      servers: [
        aServer('s1', 'h1'),
        aServer('s2', 'h2', { taskState: 'image_snapshot' }),
        aServer('s3', 'h2', { taskState: 'deleting' }),
        aServer('s4', 'h2'),
      ],
      config: {
        ...someConfig,
        enabledFilters: { value: filters, known: true },
        maxIoOpsPerHost: { value: 2, known: true },
      },
    }),
    { allow },
  );

describe('io-ops', () => {
  it('keeps servers off hosts that are busy with disks; live migrations are not', () => {
    const leaving = (allow: readonly 'cold'[]) => {
      const context = contextOf(['IoOpsFilter'], allow);
      const state = createState(context);
      state.apply({ kind: 'request', arrival: anArrival(context, 's4', 'h1') });
      return say(ioOps, context, 's1', 'h2', {}, state);
    };

    expect(say(ioOps, contextOf(['IoOpsFilter']), 's1', 'h2')).toBe('yes');
    expect(leaving([])).toBe('yes');
    expect(leaving(['cold'])).toBe(
      'host h2 is busy with 2 servers being built, migrated cold or saved; from 2 on it takes none',
    );
  });

  it('asks nothing where the filter is off, and of forced arrivals', () => {
    const context = contextOf(['AggregateIoOpsFilter'], ['cold']);
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's4', 'h1') });

    expect(say(ioOps, context, 's1', 'h2', {}, state)).not.toBe('yes');
    expect(say(ioOps, context, 's1', 'h2', { forced: true }, state)).toBe('yes');
    expect(say(ioOps, contextOf([]), 's1', 'h2')).toBe('yes');
  });
});

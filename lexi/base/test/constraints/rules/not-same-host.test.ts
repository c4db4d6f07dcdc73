import { describe, expect, it } from 'vitest';
import { notSameHost } from '../../../src/constraints/rules/not-same-host.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aServer } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

const context = aContext(aCloud({ servers: [aServer('s1', 'h1')] }));

describe('not-same-host', () => {
  it('refuses a migration to the host that the server is on', () => {
    expect(say(notSameHost, context, 's1', 'h1')).toBe('the server runs on host h1 already');
  });

  it('lets a server go to any other host', () => {
    expect(say(notSameHost, context, 's1', 'h2')).toBe('yes');
  });

  it('forbids no end state, since staying is no migration', () => {
    expect(notSameHost.compile(context)).toEqual([]);
    expect(notSameHost.audit(createState(context))).toEqual([]);
  });
});

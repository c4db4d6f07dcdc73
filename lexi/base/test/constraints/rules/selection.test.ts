import { describe, expect, it } from 'vitest';
import { selectionRule } from '../../../src/constraints/rules/selection.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aServer, hostId, serverId } from '../../support/builders.ts';
import { allowedHosts, fixedServers, say } from '../../support/say.ts';

const context = aContext(aCloud({ servers: [aServer('s1', 'h1'), aServer('s2', 'h1')] }));
const nothing = { staying: new Map(), closed: new Map() };

describe('selection', () => {
  it('keeps the servers that the operator took out, with the reason', () => {
    const rule = selectionRule({ ...nothing, staying: new Map([[serverId('s1'), 'excluded by --exclude']]) });

    expect(say(rule, context, 's1', 'h2')).toBe('s1: excluded by --exclude');
    expect(say(rule, context, 's2', 'h2')).toBe('yes');
    expect(fixedServers(rule.compile(context))).toEqual(['s1']);
  });

  it('closes hosts to arrivals', () => {
    const rule = selectionRule({ ...nothing, closed: new Map([[hostId('h2'), 'drained']]) });

    expect(say(rule, context, 's1', 'h2')).toBe('h2: drained');
    expect(allowedHosts(rule.compile(context), 's1')).toEqual(['h1']);
  });

  it('says and compiles to nothing when nothing was taken out', () => {
    const rule = selectionRule(nothing);

    expect(say(rule, context, 's1', 'h2')).toBe('yes');
    expect(rule.compile(context)).toEqual([]);
    expect(rule.audit(createState(context))).toEqual([]);
  });
});

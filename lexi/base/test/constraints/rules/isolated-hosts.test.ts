import { describe, expect, it } from 'vitest';
import { isolatedHosts } from '../../../src/constraints/rules/isolated-hosts.ts';
import { aCloud, aContext, aServer, someConfig } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

const ask = (imageId: string, from: string, to: string, restrict = true, on = true): string =>
  say(
    isolatedHosts,
    aContext(
      aCloud({
        servers: [aServer('s1', from, { imageId })],
        config: {
          ...someConfig,
          enabledFilters: { value: on ? ['IsolatedHostsFilter'] : [], known: true },
          isolatedHosts: { value: ['h2'], known: true },
          isolatedImages: { value: ['secret'], known: true },
          restrictIsolatedHosts: { value: restrict, known: true },
        },
      }),
    ),
    's1',
    to,
  );

describe('isolated-hosts', () => {
  it('keeps isolated images on isolated hosts, and others off them', () => {
    expect(ask('secret', 'h1', 'h2')).toBe('yes');
    expect(ask('secret', 'h2', 'h1')).toBe('host h1: its image is for isolated hosts only');
    expect(ask('plain', 'h1', 'h2')).toBe('host h2: isolated hosts take isolated images only');
    expect(ask('plain', 'h2', 'h1')).toBe('yes');
  });

  it('shares isolated hosts where that is allowed, and asks nothing where the filter is off', () => {
    expect(ask('plain', 'h1', 'h2', false)).toBe('yes');
    expect(ask('plain', 'h1', 'h2', true, false)).toBe('yes');
  });
});

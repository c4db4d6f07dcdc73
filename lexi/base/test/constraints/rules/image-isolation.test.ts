import { describe, expect, it } from 'vitest';
import { imageIsolation } from '../../../src/constraints/rules/image-isolation.ts';
import type { Server } from '../../../src/model/server.ts';
import { aCloud, aContext, aggregateId, aHost, aServer, hostId, someConfig } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { say } from '../../support/say.ts';

const kept = aggregateId('a1');
const filter = { value: ['AggregateImagePropertiesIsolation'], known: true };

function ask(
  image: Record<string, string> | undefined,
  {
    metadata = { os_distro: 'Debian, ubuntu' },
    on = true,
    prefix,
  }: { metadata?: Record<string, string>; on?: boolean; prefix?: string } = {},
): string {
  const server = aServer('s1', 'h1', image === undefined ? {} : { imageProperties: image });
  const known: Server = image === undefined ? without(server, 'imageProperties') : server;
  return say(
    imageIsolation,
    aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h2', { aggregates: [kept] })],
        aggregates: new Map([[kept, { id: kept, name: 'a1', hosts: [hostId('h2')], metadata }]]),
        servers: [known],
        config: {
          ...someConfig,
          ...(on && { enabledFilters: filter }),
          imageIsolationPrefix: { value: prefix, known: true },
        },
      }),
    ),
    's1',
    'h2',
  );
}

describe('image-isolation', () => {
  it('keeps hosts for images with one of the values, if they have the property at all', () => {
    expect(ask({ os_distro: 'windows' })).toBe(
      "host h2 is kept for other images: the server's has os_distro=windows",
    );
    expect(ask({ os_distro: 'DEBIAN' })).toBe('yes');
    expect(ask({})).toBe('yes');
  });

  it('compares values other than distributions by case, and names that are no property not at all', () => {
    expect(ask({ os_type: 'Linux' }, { metadata: { os_type: 'linux' } })).not.toBe('yes');
    expect(ask({ rack: '1' }, { metadata: { rack: '2' } })).toBe('yes');
  });

  it('reads only what stands under the prefix', () => {
    expect(ask({ os_distro: 'windows' }, { prefix: 'img_' })).toBe('yes');
  });

  it('does not know what an image is that nobody read, and asks nothing where the filter is off', () => {
    expect(ask(undefined)).toContain('unknown, safe no');
    expect(ask(undefined, { metadata: {} })).toBe('yes');
    expect(ask({ os_distro: 'windows' }, { on: false })).toBe('yes');
  });
});

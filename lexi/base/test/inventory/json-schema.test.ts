import { describe, expect, it } from 'vitest';
import { inventoryJsonSchema } from '../../src/inventory/json-schema.ts';

describe('inventoryJsonSchema', () => {
  it('wants the members that an inventory always has, and admits only x- besides', () => {
    expect(inventoryJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: [
        'formatVersion',
        'capturedAt',
        'release',
        'sources',
        'tables',
        'novaConfig',
        'hosts',
        'servers',
      ],
      patternProperties: { '^x-': {} },
      additionalProperties: false,
      properties: { formatVersion: { const: 1 }, hosts: { type: 'array' } },
    });
  });

  it('leaves free-form names free', () => {
    expect(inventoryJsonSchema()).toMatchObject({
      properties: {
        servers: { items: { properties: { metadata: { additionalProperties: { type: 'string' } } } } },
      },
    });
  });
});

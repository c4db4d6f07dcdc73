import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { suppliesOf } from '../../src/model/fact-sources.ts';

const folder = fileURLToPath(new URL('../../src/constraints/', import.meta.url));

/** Every path of the inventory that a rule calls missing. */
const named = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/['`](?:hosts|servers)\[\]\.\w+/g) ?? [])
  .map((path) => path.slice(1));

describe('how to supply a fact', () => {
  it('is known of every fact that a rule may lack', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => suppliesOf([path]).length === 0)).toEqual([]);
  });

  it('is said once for all facts of one source, and of what stands behind a path', () => {
    expect(suppliesOf(['hosts[].providers', 'hosts[].providers', 'nobody knows'])).toHaveLength(1);
    expect(suppliesOf(['servers[].flavor and image that Nova accepts (X)'])).toHaveLength(1);
    expect(suppliesOf(['models/cpu-models.json: Some-Model'])).toHaveLength(1);
  });
});

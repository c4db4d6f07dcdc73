import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { cruise, type IConfiguration } from 'dependency-cruiser';
import { expect, it } from 'vitest';

const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as IConfiguration;
const baseDir = fileURLToPath(new URL('..', import.meta.url));

it('keeps every layer to its allowed imports', async () => {
  const { output } = await cruise(['src'], { ...rules.options, baseDir, ruleSet: rules, validate: true });
  if (typeof output === 'string') throw new Error('expected the structured result');

  const modules = output.modules.filter((m) => m.source.startsWith('src/'));

  expect(output.summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  expect(modules.length).toBeGreaterThan(10); // an unreadable tree passes with 0 modules
});

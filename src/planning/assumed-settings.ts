import { suppliesOf } from '../model/fact-sources.ts';
import type { CloudConfig, Setting } from '../model/nova-config.ts';
import type { Assumption } from '../plan/plan.ts';
import { compareText } from '../shared/collections.ts';

/** Every setting of nova.conf that no source told and what it is taken to be, as one entry: a plan has few lines. */
export function assumedSettings(config: CloudConfig): readonly Assumption[] {
  const assumed = Object.entries<Setting<unknown>>({ ...config })
    .filter(([, { known }]) => !known)
    .map(([name, { value }]) => `${name} ${inWords(value)}`)
    .toSorted(compareText);
  if (assumed.length === 0) return [];
  const text = `settings of nova.conf that nobody told are taken to be: ${assumed.join(', ')}`;
  const missing = ['novaConfig'];
  return [{ rule: 'nova-conf', text, missing, supply: suppliesOf(missing), servers: [] }];
}

function inWords(value: unknown): string {
  if (value === undefined) return 'unset';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(' + ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

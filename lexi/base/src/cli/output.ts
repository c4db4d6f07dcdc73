import { canonicalJson } from '../shared/canonical-json.ts';
import type { CliContext } from './context.ts';

/** A result as text or, with `--json`, as JSON: two views of one value. */
export function printResult<Value>(
  context: CliContext,
  json: boolean | undefined,
  value: Value,
  text: (value: Value) => string,
): void {
  context.out(json === true ? `${canonicalJson(value)}\n` : text(value));
}

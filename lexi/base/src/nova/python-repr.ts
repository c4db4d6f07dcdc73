/** Values as Python's `json.loads` reads them and `str()` writes them. */

/** A number of a JSON text, as it is written there: Python tells `2` from `2.0`, and integers have no limit. */
class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const mark = 'number';
/** Strings, which stay, and numbers; Python also takes `NaN` and `Infinity`. */
const token = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity/g;
const unprintable = /[\p{C}\p{Z}\\]/gu;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  [' ', ' '],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** `json.loads(text)` for `pythonText`; undefined where Python raises ValueError. */
export function pythonJson(text: string): unknown {
  const marked = text.replace(token, (found) => (found.startsWith('"') ? found : `{"${mark}":"${found}"}`));
  if (text.includes(`"${mark}"`)) return parse(text);
  return parse(marked, (_, value) => numberOf(value) ?? value);
}

/** `str(value)` of what JSON can hold. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** A JSON object, as against lists and numbers. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

function parse(text: string, reviver?: (name: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

function numberOf(value: unknown): JsonNumber | undefined {
  if (!isJsonObject(value)) return undefined;
  const text = value[mark];
  return typeof text === 'string' ? new JsonNumber(text) : undefined;
}

function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : floatText(value);
  if (value instanceof JsonNumber) return numberText(value.text);
  if (Array.isArray(value)) return `[${value.map((item) => pythonRepr(item)).join(', ')}]`;
  if (!isJsonObject(value)) return 'None';
  const members = Object.entries(value).map(([name, item]) => `${quote(name)}: ${pythonRepr(item)}`);
  return `{${members.join(', ')}}`;
}

function numberText(text: string): string {
  return /^-?\d+$/.test(text) ? String(BigInt(text)) : floatText(Number(text));
}

/** `repr(float)`: the shortest digits, as JavaScript has them, but with the exponent from 1e16 and below 1e-4. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  return sign + placePoint(mantissa, Number(power));
}

function placePoint(mantissa: string, exponent: number): string {
  if (exponent < -4 || exponent >= 16) {
    const places = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${places}`;
  }
  const figures = mantissa.replace('.', '');
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${figures}`;
  const point = exponent + 1;
  return `${figures.slice(0, point).padEnd(point, '0')}.${figures.slice(point).padEnd(1, '0')}`;
}

/** Python prefers single quotes, and double ones where that saves escaping. */
function quote(text: string): string {
  const escaped = text.replace(unprintable, escape);
  if (text.includes("'") && !text.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

function escape(char: string): string {
  const short = shortEscapes.get(char);
  if (short !== undefined) return short;
  const code = (char.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

/** Values by number: each is written as `w` characters, its place among the different ones; none where all are equal. */
export interface Code {
  readonly k: string;
  readonly w: number;
  readonly of: readonly unknown[];
}

/** Characters that JSON and HTML leave as they are: from `#` on, without `<`, `&` and `\`. */
const digits = Array.from({ length: 92 }, (_, index) => String.fromCharCode(35 + index)).filter(
  (character) => !'<\\&'.includes(character),
);
const base = digits.length;
const mostCharacters = 3;

/** The values as a code; none where too many of them differ. */
export function codeOf(values: readonly unknown[]): readonly Code[] {
  const places = new Map<unknown, number>();
  for (const value of values) if (!places.has(value)) places.set(value, places.size);
  const w = [0, 1, 2, mostCharacters].find((width) => places.size <= base ** width);
  if (w === undefined || places.size > values.length / 2) return [];
  const words = [...places.values()].map((place) => wordOf(place, w));
  const k = values.map((value) => words[places.get(value) ?? 0] ?? '').join('');
  return [{ k, w, of: [...places.keys()] }];
}

function wordOf(place: number, width: number): string {
  let [word, rest] = ['', place];
  for (let at = 0; at < width; at += 1) {
    word += digits[rest % base] ?? '';
    rest = Math.floor(rest / base);
  }
  return word;
}

/** So many values that were coded. */
export function valuesIn({ k, w, of }: Code, count: number): readonly unknown[] {
  const values = new Array<unknown>(count);
  for (let index = 0; index < count; index += 1) {
    let place = 0;
    for (let at = w - 1; at >= 0; at -= 1)
      place = place * base + (placeOfDigit[k.charCodeAt(index * w + at)] ?? 0);
    values[index] = of[place];
  }
  return values;
}

const placeOfDigit: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  Math.max(0, digits.indexOf(String.fromCharCode(code))),
);

/**
 * Version predicates such as `>=6.2,<8.0`: the language of `img_hv_requested_version`.
 * Source: Python `distutils.versionpredicate` and `StrictVersion`, as Nova uses them.
 */

import { pythonStrip } from './python-text.ts';

type Comparison = '<' | '<=' | '==' | '>' | '>=' | '!=';

/** Major, minor, patch, and where a pre-release (`7.2a1`) stands: after all others of its number come those without. */
interface StrictVersion {
  readonly numbers: readonly [number, number, number];
  readonly preRelease: { readonly letter: string; readonly number: number } | undefined;
}

/** All comparisons must hold. */
export type VersionPredicate = readonly {
  readonly comparison: Comparison;
  readonly version: StrictVersion;
}[];

const part = /^(<=|>=|<|>|!=|==)(.+)$/;
const strict = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/;

/** Reads a predicate; undefined where Nova raises ValueError (`=7.2`, `>=7`, `~=1.2`, an empty part). */
export function parseVersionPredicate(text: string): VersionPredicate | undefined {
  if (text.includes('\n')) return undefined;
  const predicate: { comparison: Comparison; version: StrictVersion }[] = [];
  for (const piece of text.split(',')) {
    const match = part.exec(pythonStrip(piece));
    const comparison = asComparison(match?.[1]);
    const version = parseStrictVersion(pythonStrip(match?.[2] ?? ''));
    if (comparison === undefined || version === undefined) return undefined;
    predicate.push({ comparison, version });
  }
  return predicate;
}

/** Whether `version` meets the predicate; undefined where it is no strict version (Nova raises ValueError). */
export function satisfiesPredicate(predicate: VersionPredicate, version: string): boolean | undefined {
  const actual = parseStrictVersion(version);
  if (actual === undefined) return undefined;
  return predicate.every((wanted) => holds(wanted.comparison, compareVersions(actual, wanted.version)));
}

/**
 * Nova's integer versions as text: 7002000 is `7.2.0`, three digits a place.
 * Source: oslo.utils `versionutils.convert_version_to_str`.
 */
export function versionNumberToText(version: number): string {
  const places: number[] = [];
  for (let rest = version; rest > 0; rest = Math.floor(rest / 1000)) places.unshift(rest % 1000);
  return places.join('.');
}

function parseStrictVersion(text: string): StrictVersion | undefined {
  const match = strict.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, letter, number] = match;
  return {
    numbers: [Number(major), Number(minor), patch === undefined ? 0 : Number(patch)],
    preRelease: letter === undefined ? undefined : { letter, number: Number(number) },
  };
}

function compareVersions(a: StrictVersion, b: StrictVersion): number {
  for (const i of [0, 1, 2] as const) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  }
  if (a.preRelease === undefined) return b.preRelease === undefined ? 0 : 1;
  if (b.preRelease === undefined) return -1;
  if (a.preRelease.letter !== b.preRelease.letter) return a.preRelease.letter < b.preRelease.letter ? -1 : 1;
  return a.preRelease.number - b.preRelease.number;
}

function holds(comparison: Comparison, order: number): boolean {
  switch (comparison) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '==':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
  }
}

function asComparison(text: string | undefined): Comparison | undefined {
  const all: readonly Comparison[] = ['<', '<=', '==', '>', '>=', '!='];
  return all.find((comparison) => comparison === text);
}

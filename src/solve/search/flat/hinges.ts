import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compile/compiled.ts';
import type { HostCurve } from '../../compile/compiled-objective.ts';

/**
 * Curves of hosts taken apart into hinges  weight(h) × max(0, x(h)),  where every server raises x by the same on
 * every host.
 */
export interface Hinges {
  readonly count: number;
  /** Where x begins on an empty host: host × count + hinge. */
  readonly origin: Float64Array;
  /** By host × count + hinge; zero or more. */
  readonly weight: Float64Array;
  /** By how much a server with this load raises each hinge. */
  rise(load: Float64Array, row: Float64Array): void;
}

interface Hinge {
  readonly origin: Float64Array;
  readonly weight: Float64Array;
  readonly parts: readonly { readonly resource: number; readonly factor: number }[];
}

/** The hinges of the goal; undefined where what a server adds to a curve differs from host to host. */
export function hingesOf({ objective, hosts }: CompiledProblem): Hinges | undefined {
  const hinges: Hinge[] = [];
  for (const curve of objective.curves) {
    const own = takeApart(curve);
    if (own === undefined) return undefined;
    hinges.push(...own);
  }
  const count = hinges.length;
  const together = (pick: (hinge: Hinge) => Float64Array): Float64Array =>
    Float64Array.from({ length: hosts.length * count }, (_, i) =>
      at(pick(at(hinges, i % count)), Math.floor(i / count)),
    );
  return {
    count,
    origin: together(({ origin }) => origin),
    weight: together(({ weight }) => weight),
    rise(load, row) {
      for (const [k, { parts }] of hinges.entries())
        for (const { resource, factor } of parts) row[k] = at(row, k) + factor * at(load, resource);
    },
  };
}

/** One hinge a level. Divided by the factor of the last part, so that a percentage becomes an amount. */
function takeApart({ counts, constant, parts, levels, slopes }: HostCurve): Hinge[] | undefined {
  const last = parts.at(-1);
  if (last === undefined) return [];
  const scale = last.factor.map((factor, h) => (counts[h] === 1 ? factor : 0));
  if (scale.some((factor, h) => factor < 0 || (factor === 0 && counts[h] === 1))) return undefined;
  const some = scale.findIndex((factor) => factor > 0);
  if (some < 0) return [];
  const relative = parts.map(({ resource, factor }) => ({
    resource,
    factor: at(factor, some) / at(scale, some),
  }));
  const alike = parts.every(({ factor }, i) =>
    scale.every((unit, h) => unit === 0 || Math.abs(at(factor, h) / unit - at(relative, i).factor) < 1e-12),
  );
  if (!alike) return undefined;
  return Array.from(levels, (level, t) => ({
    origin: constant.map((start, h) => (at(scale, h) > 0 ? (start - level) / at(scale, h) : 0)),
    weight: scale.map((unit) => unit * at(slopes, t)),
    parts: relative,
  }));
}

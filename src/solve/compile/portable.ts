import { omit } from '../../shared/omit.ts';
import type { CompiledProblem, CompiledSpareRoom, ServerClass } from './compiled.ts';
import { type GuestShape, guestShape } from './guest-shape.ts';

/**
 * A compiled problem as plain data, to be copied to a worker: a guest's shape is known by what it needs. The assignment
 * in the ids of the cloud stays behind: a search answers in numbers.
 */
export interface PortableProblem extends Omit<CompiledProblem, 'classes' | 'today' | 'spareRoom'> {
  readonly classes: readonly PortableClass[];
  readonly spareRoom?: Omit<CompiledSpareRoom, 'evacuation'> & { readonly evacuation: PortableProblem };
}

interface PortableClass extends Omit<ServerClass, 'guests'> {
  readonly guests: readonly (PortableShape | undefined)[];
}

type PortableShape = Pick<GuestShape, 'index' | 'needs'>;

export function toPortable(problem: CompiledProblem): PortableProblem {
  const { spareRoom } = problem;
  return {
    ...omit(problem, 'today', 'spareRoom'),
    ...(spareRoom !== undefined && {
      spareRoom: { ...spareRoom, evacuation: toPortable(spareRoom.evacuation) },
    }),
    classes: problem.classes.map((ofClass) => ({
      ...ofClass,
      guests: ofClass.guests.map((shape) => shape && { index: shape.index, needs: shape.needs }),
    })),
  };
}

export function fromPortable(portable: PortableProblem): CompiledProblem {
  const shapes = portable.cellFits.map(() => new Map<number, GuestShape>());
  const shapeOf = (f: number, { index, needs }: PortableShape): GuestShape => {
    const known = shapes[f]?.get(index);
    if (known !== undefined) return known;
    const shape = guestShape(index, needs, portable.cellFits[f]?.quantities ?? 0);
    shapes[f]?.set(index, shape);
    return shape;
  };
  const { spareRoom, ...plain } = portable;
  return {
    ...plain,
    ...(spareRoom !== undefined && {
      spareRoom: { ...spareRoom, evacuation: fromPortable(spareRoom.evacuation) },
    }),
    today: new Map(),
    classes: portable.classes.map((ofClass) => ({
      ...ofClass,
      guests: ofClass.guests.map((shape, f) => shape && shapeOf(f, shape)),
    })),
  };
}

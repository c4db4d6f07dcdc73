import { findCellCovers } from './cell-cover.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { type Cover, findHostCovers } from './cover.ts';

/** All covers: of hosts, and of those of their NUMA cells that alone can take some guests. */
export const findCovers = (problem: CompiledProblem): readonly Cover[] => [
  ...findHostCovers(problem),
  ...findCellCovers(problem),
];

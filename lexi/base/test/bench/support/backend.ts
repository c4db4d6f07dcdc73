import type { Backend } from '../../../src/solve/backend.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { type Clock, cpuSeconds } from './meter.ts';

/**
 * HiGHS. A backend counts wall time; where CPU seconds count, it gets as much more of it as the machine has lately
 * been slower than one core of its own.
 */
export function createMeteredBackend(clock: Clock): Backend {
  const backend = createBackend('highs');
  if (clock === 'wall') return backend;
  let cpu = cpuSeconds();
  let wall = performance.now() / 1000;
  let slowness = 1;
  return {
    id: backend.id,
    close: () => backend.close(),
    async solve(problem, budget) {
      const { timeLimitSeconds: limit } = budget;
      const passed = performance.now() / 1000 - wall;
      if (passed > 0.5) {
        slowness = Math.max(1, passed / Math.max(0.01, cpuSeconds() - cpu));
        cpu = cpuSeconds();
        wall = performance.now() / 1000;
      }
      return backend.solve(problem, {
        ...budget,
        ...(limit === undefined ? {} : { timeLimitSeconds: limit * slowness }),
      });
    },
  };
}

/** What a piece of work took. */
export interface Spent {
  /** CPU seconds of the process: all its threads, those of backends and of the JIT included. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Which seconds a time limit counts: on a busy machine a wall clock measures the others. */
export type Clock = 'cpu' | 'wall';

export const clockOf = (kind: Clock): (() => number) =>
  kind === 'cpu' ? cpuSeconds : () => performance.now() / 1000;

export function startMeter(): () => Spent {
  const cpu = cpuSeconds();
  const wall = performance.now();
  return () => ({
    cpuSeconds: round(cpuSeconds() - cpu, 2),
    wallSeconds: round((performance.now() - wall) / 1000, 2),
  });
}

/** The most memory that the process ever held. */
export const peakMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));

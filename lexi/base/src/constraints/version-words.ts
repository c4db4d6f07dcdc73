/** 7002000 → 7.2.0. */
export const showVersion = (version: number): string =>
  [Math.trunc(version / 1_000_000), Math.trunc(version / 1000) % 1000, version % 1000].join('.');

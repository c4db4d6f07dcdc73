import type { Move, Snapshot } from './snapshot.ts';

/** What the moves of an answer are worth, one after the other. */
export interface MovesVerdict {
  /** Σ (free mod 16) / Σ free over the NUMA cells of active hosts. */
  readonly fragment: number;
  readonly moves: number;
  /** Everything that is wrong, in words; empty when each move can be executed in turn. */
  readonly broken: readonly string[];
}

/** CPUs of the server that shall find room. */
const slot = 16;

/** Executes moves in their order on free amounts computed from the servers alone. */
export function judgeMoves(
  { hosts, servers }: Snapshot,
  moves: readonly Move[],
  mostMoves: number,
): MovesVerdict {
  const broken: string[] = [];
  const free = new Map<string, { cpus: number; memoryMiB: number }>();
  const keyOf = (host: string, cell: number): string => `${host}/${cell}`;
  for (const host of hosts)
    for (const { cell, cpus, memoryMiB } of host.cells) free.set(keyOf(host.id, cell), { cpus, memoryMiB });
  const change = (key: string, cpus: number, memoryMiB: number): void => {
    const left = free.get(key);
    if (left === undefined) return void broken.push(`there is no cell ${key}`);
    left.cpus += cpus;
    left.memoryMiB += memoryMiB;
  };
  const at = new Map(
    servers.map((server) => [
      server.id,
      { server, host: server.host, cells: server.pieces.map(({ cell }) => cell) },
    ]),
  );
  for (const { host, pieces } of servers)
    for (const { cell, cpus, memoryMiB } of pieces) change(keyOf(host, cell), -cpus, -memoryMiB);
  const overfull = new Set(
    [...free].filter(([, { cpus, memoryMiB }]) => cpus < 0 || memoryMiB < 0).map(([key]) => key),
  );
  if (moves.length > mostMoves) broken.push(`${moves.length} moves, at most ${mostMoves} wanted`);
  const hostOf = new Map(hosts.map((host) => [host.id, host]));
  for (const [i, move] of moves.entries()) {
    const now = at.get(move.server);
    const to = hostOf.get(move.host);
    const name = `move ${i + 1} of ${move.server} to ${move.host}`;
    if (now === undefined || to === undefined) {
      broken.push(`${name}: not known`);
      continue;
    }
    const { server } = now;
    if (!server.mayMove) broken.push(`${name}: it may not move`);
    if (!to.active) broken.push(`${name}: the host is not active`);
    if (to.cluster !== server.cluster) broken.push(`${name}: another cluster`);
    if (move.cells.length !== server.pieces.length || new Set(move.cells).size !== move.cells.length)
      broken.push(`${name}: ${server.pieces.length} different cells are wanted`);
    // Only what is free while the server still runs where it was, on its own cells too.
    for (const [p, { cpus, memoryMiB }] of server.pieces.entries()) {
      const key = keyOf(move.host, move.cells[p] ?? -1);
      const left = free.get(key);
      if (left === undefined || left.cpus < cpus || left.memoryMiB < memoryMiB)
        broken.push(`${name}: no room on cell ${move.cells[p] ?? -1}`);
    }
    for (const [p, { cpus, memoryMiB }] of server.pieces.entries()) {
      change(keyOf(move.host, move.cells[p] ?? -1), -cpus, -memoryMiB);
      change(keyOf(now.host, now.cells[p] ?? -1), cpus, memoryMiB);
    }
    at.set(move.server, { server, host: move.host, cells: [...move.cells] });
  }
  for (const [key, { cpus, memoryMiB }] of free)
    if ((cpus < 0 || memoryMiB < 0) && !overfull.has(key)) broken.push(`cell ${key} is overfull`);
  let sum = 0;
  let rest = 0;
  for (const host of hosts) {
    if (!host.active) continue;
    for (const { cell } of host.cells) {
      const cpus = Math.max(0, free.get(keyOf(host.id, cell))?.cpus ?? 0);
      sum += cpus;
      rest += cpus % slot;
    }
  }
  return { fragment: sum === 0 ? 0 : rest / sum, moves: moves.length, broken };
}

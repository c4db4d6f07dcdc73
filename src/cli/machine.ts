import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Machine } from '../execute/journal/lock.ts';

/** Ticks of the kernel's clock in a second, as every Linux has them. */
const ticksPerSecond = 100;

/** This process and this host, for locks. */
export function thisMachine(): Machine {
  const startedAt = startOf(process.pid) ?? new Date(0).toISOString();
  return { process: { pid: process.pid, host: hostname(), startedAt }, startOf };
}

/** When a process began; where the system does not tell, the same time for every process that lives. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartOf(pid);
  try {
    process.kill(pid, 0);
    return new Date(0).toISOString();
  } catch {
    return undefined;
  }
}

/** From `/proc`: the ticks after the boot, and when that was. */
function linuxStartOf(pid: number): string | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
    const fields = afterName.split(' ');
    if (fields[0] === 'Z') return undefined; // it has ended, and nobody has asked how
    const seconds = Number(boot) + Number(fields[19]) / ticksPerSecond;
    return new Date(Math.floor(seconds) * 1000).toISOString();
  } catch {
    return undefined;
  }
}

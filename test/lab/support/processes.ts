import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places, runFile } from './places.ts';
import { waitFor } from './wait.ts';

/**
 * The lab's processes. Each carries `PLANNER_LAB=<run folder>` in its environment, which is how `stopEverything` finds
 * all of them, and has a file `pids/NAME` with its id and start time, so that an id used again is never ours.
 */

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** What a process of the lab has in its environment. */
export const labMark = { PLANNER_LAB: places.run } as const;

const mark = `PLANNER_LAB=${labMark.PLANNER_LAB}`;

/** A Python program of `services/`. */
export const pythonTask = (file: string, ...args: readonly string[]): Command => ({
  program: '/usr/bin/python3',
  args: [join(places.services, file), ...args],
});

/** Starts a process of the lab in a session of its own, which outlives us. */
export function startDaemon(name: string, command: Command): void {
  const child = launch(name, command, 'ignore');
  child.unref();
  if (child.pid === undefined) throw new Error(`cannot start ${command.program} (${name})`);
  writeFileSync(runFile('pids', name), `${child.pid} ${startTicks(child.pid) ?? ''}\n`);
}

/** Starts a process that ends by itself; its answers come by stdout, what it says besides is in `log/NAME.log`. */
export function startTask(name: string, command: Command): ChildProcess {
  return launch(name, command, 'pipe');
}

/** Runs a process of the lab to its end. */
export function runTask(name: string, command: Command): Promise<void> {
  return taskEnd(name, startTask(name, command));
}

export function taskEnd(name: string, child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} ended with ${signal ?? code ?? '?'}: see ${logOf(name)}`));
    });
  });
}

function launch(name: string, { program, args, env = {} }: Command, talk: 'ignore' | 'pipe'): ChildProcess {
  const log = openSync(logOf(name), 'a');
  const child = spawn(program, args, {
    cwd: places.run,
    detached: true,
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: places.run,
      PYTHONDONTWRITEBYTECODE: '1',
      ...labMark,
      ...env,
    },
    stdio: [talk, talk === 'pipe' ? 'pipe' : log, log],
  });
  child.on('error', () => undefined); // told by whoever waits for it
  closeSync(log);
  return child;
}

const logOf = (name: string) => runFile('log', `${name}.log`);

/** The id of the process of this name, if that very process lives. */
export function processId(name: string): number | undefined {
  const file = runFile('pids', name);
  if (!existsSync(file)) return undefined;

  const [pid, ticks] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return pid !== undefined && startTicks(pid) === ticks ? pid : undefined;
}

/** Sends a signal to a process and its children, and waits for the end where the signal asks for one. */
export async function signalProcess(name: string, signal: Signal): Promise<void> {
  const pid = processId(name);
  if (pid === undefined) return;

  process.kill(-pid, signal);
  if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
  await waitFor({ what: `the end of ${name}`, everySeconds: 0.05 }, () => processId(name) === undefined);
  rmSync(runFile('pids', name), { force: true });
}

/** Kills every process of the lab, whoever started it; gives how many there were. */
export async function stopEverything(): Promise<number> {
  const found = new Set<number>();
  await waitFor({ what: 'the end of the processes of the lab', everySeconds: 0.05 }, () => {
    const living = processesOfTheLab();
    for (const pid of living) {
      found.add(pid);
      kill(pid);
    }
    return living.length === 0;
  });
  return found.size;
}

/** Ids of the living processes that carry our mark. */
export function processesOfTheLab(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && readProc(pid, 'environ')?.split('\0').includes(mark) === true);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

/** When a process started, in ticks since boot; undefined for one that is gone or only waits to be reaped. */
function startTicks(pid: number): number | undefined {
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : Number(fields[19]);
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined; // gone, or not ours to read
  }
}

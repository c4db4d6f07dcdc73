/** What host and worker share while a task is on: who got there first, and the bound of the search so far. */
export interface Control {
  /** Worker: takes the task up; false when it was cancelled before. */
  begin(): boolean;
  /** Host: cancels the task; false when the worker had not taken it up, and so never will. */
  cancel(): boolean;
  isCancelled(): boolean;
  setBound(bound: number): void;
  /** −Infinity where there is none. */
  getBound(): number;
}

const bytes = 16;
const [waiting, running, cancelled] = [0, 1, 2];

/** Fresh shared memory for one task: waiting, without a bound. */
export function createControl(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  openControl(memory).setBound(-Infinity);
  return memory;
}

/** The control in some shared memory, on either side. */
export function openControl(memory: SharedArrayBuffer): Control {
  const state = new Int32Array(memory, 0, 1);
  const bound = new Float64Array(memory, 8, 1);
  return {
    begin: () => Atomics.compareExchange(state, 0, waiting, running) === waiting,
    cancel: () => Atomics.exchange(state, 0, cancelled) === running,
    isCancelled: () => Atomics.load(state, 0) === cancelled,
    setBound(value) {
      bound[0] = value;
    },
    getBound: () => bound[0] ?? -Infinity,
  };
}

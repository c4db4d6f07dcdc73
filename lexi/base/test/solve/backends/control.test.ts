import { expect, it } from 'vitest';
import { createControl, openControl } from '../../../src/solve/backends/control.ts';

it('lets a task that is taken up be cancelled', () => {
  const memory = createControl();
  const [host, worker] = [openControl(memory), openControl(memory)];

  expect(worker.begin()).toBe(true);
  expect(worker.isCancelled()).toBe(false);
  expect(host.cancel()).toBe(true);
  expect(worker.isCancelled()).toBe(true);
});

it('keeps a task that is cancelled from being taken up', () => {
  const memory = createControl();
  const [host, worker] = [openControl(memory), openControl(memory)];

  expect(host.cancel()).toBe(false);
  expect(worker.begin()).toBe(false);
});

it('shows the bound to the other side', () => {
  const memory = createControl();
  const [host, worker] = [openControl(memory), openControl(memory)];

  expect(host.getBound()).toBe(-Infinity);
  worker.setBound(-4.5);
  expect(host.getBound()).toBe(-4.5);
});

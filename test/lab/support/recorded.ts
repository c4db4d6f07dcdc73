import type { Admin } from './admin.ts';
import { readTruth, type Truth } from './truth.ts';
import { waitFor } from './wait.ts';

/**
 * Servers whose CPUs Nova's record of their host lacks. Its update of a host reads the servers first and then those on
 * their way: who arrives in between is counted nowhere until the next update, and claims are made as if it were not there.
 */
const forgottenIn = ({ servers, hosts }: Truth): readonly string[] =>
  servers
    .filter(({ host, cells = [] }) => {
      const known = hosts.find(({ name }) => name === host)?.cells ?? [];
      return cells.some(({ cell, pins }) => {
        const { pinned = [] } = known.find((one) => one.cell === cell) ?? {};
        return pins.some((cpu) => !pinned.includes(cpu));
      });
    })
    .map(({ name }) => name);

/** Waits until Nova's record of each host has the CPUs of its servers, as it does but for some seconds after a move. */
export async function untilRecorded(admin: Admin): Promise<void> {
  await waitFor(
    { what: "Nova's records of hosts to have the CPUs of their servers", everySeconds: 1 },
    async () => forgottenIn(await readTruth(admin)).length === 0,
  );
}

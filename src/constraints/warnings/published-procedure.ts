import type { PlainSwitch, Switches } from '../../model/profile.ts';
import type { Arrival } from '../arrival.ts';
import { coverageOf } from '../empty-destination.ts';
import { homeOf } from '../pair-rule.ts';
import { settingOf } from '../settings.ts';
import type { StateView } from '../state-view.ts';
import type { WarningRule } from '../warning-rule.ts';

/** Something that published procedures and Nova say differently, and what the plan does about it. */
export interface Contradiction {
  readonly id: string;
  readonly text: string;
  /** The switches by which the profile takes a side, and the values that make it worth telling. */
  readonly when: { readonly [Switch in PlainSwitch]?: readonly Switches[Switch][] };
  /** Whether a step has to do with it. */
  readonly concerns: (arrival: Arrival, state: StateView) => boolean;
}

const isCovered = ({ server, method }: Arrival, { context }: StateView): boolean =>
  method === 'live' && coverageOf(server, context)?.insistence === 'required';

/** Source: the guides of Red Hat OpenStack Platform 13 against Nova; one entry a contradiction that a step can meet. */
export const contradictions: readonly Contradiction[] = [
  {
    id: 'disable-destination',
    text: 'published procedures disable the destination first, but Nova refuses a disabled host unless the request is forced: the destination stays enabled, so that a new server may come to it in between; each step looks again that nobody else is there',
    when: {},
    concerns: (arrival, state) => arrival.forced !== true && isCovered(arrival, state),
  },
  {
    id: 'forced-to-disabled',
    text: 'as the published procedure has it, the request is forced onto a disabled destination: Nova runs none of its scheduler filters for it',
    when: { disabledDestination: ['forced-only'] },
    concerns: ({ forced, to }, state) => forced === true && state.serviceStatus(to) === 'disabled',
  },
  {
    id: 'empty-destination',
    text: 'the plan keeps to the published rule that the destination is empty; Nova itself does not ask for it',
    when: {},
    concerns: isCovered,
  },
  {
    id: 'same-numa-cells',
    text: 'the plan keeps to the published rule that NUMA cells stay the same; Nova chooses them anew since 20.0.0',
    when: { cellChoice: ['nova'], sameNumaCells: ['required'] },
    concerns: ({ server, method }, { context }) =>
      method === 'live' && context.demands.get(server.id)?.guest.kind === 'topology',
  },
  {
    id: 'sriov-live',
    text: 'published guides say that servers with SR-IOV ports cannot migrate live; the plan follows Nova, which detaches direct ports for that time since 20.0.0',
    when: { sriovPortLive: ['detach'] },
    concerns: ({ server, method }) =>
      method === 'live' && (server.pciRequests ?? []).some(({ source }) => source.kind === 'port'),
  },
  {
    id: 'config-drive-live',
    text: 'published guides say that a server with a read-only config drive cannot migrate live; the plan follows Nova, which copies it between the hosts over SSH (before 31.0.0) or leaves it to libvirt',
    when: { isoConfigDriveLive: ['copied', 'libvirt'] },
    concerns: ({ server, method, storage }, { context }) =>
      method === 'live' &&
      storage === 'block' &&
      server.configDrive === true &&
      (server.configDriveFormat ??
        settingOf(homeOf(server, context.cloud), context.cloud, 'configDriveFormat')) === 'iso9660',
  },
  {
    id: 'cold-to-named-host',
    text: 'published procedures say that the scheduler alone chooses where a cold migration goes; the plan names the host, as Nova takes it since API 2.56',
    when: { disabledDestination: ['forced-only'] },
    concerns: ({ method }) => method === 'cold',
  },
];

/** Tells, of the steps that it concerns, where the profile sides with Nova or with the published procedure. */
export const publishedProcedure: WarningRule = {
  id: 'published-procedure',
  summary: 'the profile and the published procedures do not agree here',
  onArrival: (arrival, state) =>
    contradictions
      .filter(({ when, concerns }) => holds(when, state.context.profile.switches) && concerns(arrival, state))
      .map(({ text }) => ({ text, servers: [arrival.server.id], host: arrival.to })),
};

const holds = (when: Contradiction['when'], switches: Switches): boolean =>
  Object.entries(when).every(([name, values]) =>
    Object.entries(switches).some(
      ([key, value]) => key === name && values.some((wanted) => wanted === value),
    ),
  );

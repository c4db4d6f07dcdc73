import type {
  PageCloud,
  PageData,
  PageHost,
  PageServer,
  PageStep,
} from '../../../src/report/page/page-data.ts';
import { hostileNames } from './hostile-names.ts';

interface Size {
  readonly hosts: number;
  readonly moves: number;
  readonly hostile?: true;
}

/**
 * A page of any size, made up by rule: servers of 2 CPUs and 4 GiB leave the second half of the hosts for the first. The
 * numbers fit together (meters, events, times), the plan does not come from the planner.
 */
export function drawnPage({ hosts: hostCount, moves, hostile }: Size): PageData {
  const half = Math.floor(hostCount / 2);
  const hosts = Array.from({ length: hostCount }, (_, i) => aHost(i));
  const servers = Array.from({ length: moves }, (_, i) =>
    aServer(i, half + (i % (hostCount - half)), i % half),
  );
  const steps = servers.map((server, i) => aStep(i, server, moves));
  const named = hostile === true ? withHostileNames(hosts, servers) : { hosts, servers };
  const makespan = Math.max(...steps.map((step) => step.endSeconds));
  return {
    title: `Consolidate: ${hostCount - half} hosts freed by ${moves} moves`,
    plan: '0123456789ab',
    headline: [
      ['Goal', 'consolidate'],
      ['Hosts freed', String(hostCount - half)],
      ['Moves', String(moves)],
    ],
    warnings: [{ text: `${named.hosts[0]?.name ?? ''} is full`, steps: [0] }],
    assumptions: [],
    ...named,
    steps,
    texts: ['frees a host', 'room is made by this step', 'Method', 'live, block storage'],
    timetable: {
      makespanSeconds: makespan,
      shut: [[Math.round(makespan * 0.4), Math.round(makespan * 0.5)]],
      frozen: [],
      links: [
        { name: 'rack-1', capacityMbps: 10_000, peakMbps: 8000, carried: [0, 8000, makespan / 2, 4000] },
      ],
    },
    notDone: [{ subject: named.servers[0]?.name ?? '', reason: 'It is locked.', rule: 'locked' }],
    whenItFails: ['The run stops requesting what waits for it.'],
    cloud: aCloud(hostCount, servers, steps),
  };
}

function aHost(i: number): PageHost {
  return { name: `cmp-${i + 1}`, zone: `az-${i % 3}`, status: 'enabled', facts: [['Rack', `r${i % 20}`]] };
}

function aServer(i: number, before: number, after: number): PageServer & { before: number; after: number } {
  const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
  return { name: `web-${i + 1}`, id, before, after, facts: [['Flavor', 'm1.small']] };
}

/** Eight at a time, each for a minute, each after the one that ran in its place before. */
function aStep(i: number, { before, after }: { before: number; after: number }, moves: number): PageStep {
  const wave = Math.floor(i / 8);
  return {
    id: `m${i + 1}`,
    kind: i % 10 === 9 ? 'cold' : 'live',
    wave: wave + 1,
    startSeconds: wave * 60,
    endSeconds: wave * 60 + 50 + (i % 8),
    server: i,
    from: before,
    to: after,
    bytes: 4 * 2 ** 30,
    downtimeMs: 120 + (i % 7),
    reason: 0,
    waitsFor: i < 8 ? [] : [{ step: i - 8, until: 'ended', why: 1 }],
    facts: [2, 3],
    ...(i + 8 < moves ? { noWayBackFrom: i + 8 } : {}),
  };
}

/** Two cells a host, with CPUs (meters 4h, 4h + 2) and memory (4h + 1, 4h + 3). */
function aCloud(
  hostCount: number,
  servers: readonly { before: number; after: number }[],
  steps: readonly PageStep[],
): PageCloud {
  const on = Array.from({ length: hostCount }, (): number[] => []);
  for (const [i, { before }] of servers.entries()) on[before]?.push(i);
  const used = on.flatMap((list) => [list.length * 2, list.length * 4096, 0, 0]);
  const events = steps
    .flatMap((step, i) => [
      { atSeconds: step.startSeconds, step: i, what: 'requested' as const, changes: take(step.to ?? 0, 1) },
      { atSeconds: step.endSeconds, step: i, what: 'ended' as const, changes: take(step.from ?? 0, -1) },
    ])
    .sort((one, other) => one.atSeconds - other.atSeconds);
  return {
    resources: [
      { name: 'CPUs', unit: '' },
      { name: 'memory', unit: 'MiB' },
    ],
    hosts: on.map((list, h) => ({
      cells: [
        { id: 0, meters: [0, 4 * h, 1, 4 * h + 1] },
        { id: 1, meters: [0, 4 * h + 2, 1, 4 * h + 3] },
      ],
      servers: list,
    })),
    used,
    total: on.flatMap(() => [48, 131_072, 48, 131_072]),
    events,
  };
}

/** Departures leave the first cell, arrivals take the second. */
function take(host: number, by: 1 | -1): number[] {
  const cell = by === 1 ? 2 : 0;
  return [4 * host + cell, by * 2, 4 * host + cell + 1, by * 4096];
}

function withHostileNames(hosts: readonly PageHost[], servers: readonly PageServer[]) {
  const { host, otherHost, server, otherServer } = hostileNames;
  const half = Math.floor(hosts.length / 2);
  return {
    hosts: hosts.map((h, i) => ({ ...h, name: i === 0 ? host : i === half ? otherHost : h.name })),
    servers: servers.map((s, i) => ({ ...s, name: i === 0 ? server : i === 1 ? otherServer : s.name })),
  };
}

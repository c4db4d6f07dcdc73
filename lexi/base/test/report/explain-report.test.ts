import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { AnswerGroup, Explanation, HostAnswer } from '../../src/planning/explain/explanation.ts';
import { explainReport } from '../../src/report/explain-report.ts';
import { textWidth } from '../../src/report/text-width.ts';

const range = { least: 0, most: 0 };
const way = { method: 'live', storage: 'block' } as const;
const reason = (rule: string, ...texts: readonly string[]) => ({
  rule,
  wordings: texts.map((text) => ({ text, hosts: 1 })),
  measured: range,
  limit: range,
  unit: 'u',
});
const group = (names: readonly string[], over: Partial<AnswerGroup> = {}): AnswerGroup => ({
  ...way,
  verdict: 'no',
  hosts: names.map(hostId),
  reasons: [],
  cells: [],
  ...over,
});
const answer = (name: string, over: Partial<HostAnswer> = {}): HostAnswer => ({
  ...way,
  host: hostId(name),
  verdict: 'no',
  cells: [],
  refusals: [],
  assumptions: [],
  warnings: [],
  ...over,
});
const explanation = (over: Partial<Explanation> = {}): Explanation => ({
  profile: 'zed',
  server: {
    id: serverId('s-1'),
    name: 'web-1',
    host: hostId('h0'),
    hostIsDown: false,
    status: 'ACTIVE',
    flavor: { name: 'f', vcpus: 1, memoryMiB: 512 },
  },
  ways: [{ ...way, accepted: 0, everywhere: [] }],
  hosts: [],
  groups: [],
  warnings: [],
  allowing: [],
  ...over,
});

describe('an explanation', () => {
  it('says first what takes the server, then the nearest miss, warnings, and what an allowance would change', () => {
    const text = explainReport(
      explanation({
        hosts: ['h1', 'h2', 'h3', 'h4'].map((name) =>
          answer(
            name,
            name === 'h1'
              ? { assumptions: [{ rule: 'a', assumption: 'it stays', missing: ['x'], supply: ['y'] }] }
              : {},
          ),
        ),
        groups: [
          group(['h1'], {
            verdict: 'yes',
            cells: [
              { hostCell: 0, pinnedCpus: 1 },
              { hostCell: 1, pinnedCpus: 2, pageSizeKiB: 2048 },
            ],
          }),
          group(['h2', 'h3'], { reasons: [reason('capacity', '9–12 of 8 VCPU')] }),
          group(['h4'], { reasons: [reason('zone', 'is in b', 'is in c'), reason('traits', 'lacks T')] }),
        ],
        warnings: [{ id: 'soft-groups', text: 'no longer apart', hosts: [hostId('h1')] }],
        allowing: [{ allow: 'cold', hosts: [hostId('h2')] }],
      }),
      80,
    );

    expect(text).toBe(`web-1 (s-1) on h0: ACTIVE, flavor f (1 vCPU, 512 MiB); profile zed

1 of 4 hosts takes it
  1 host (live, storage block; NUMA cell 0: 1 pinned CPU; NUMA cell 1: 2 pinned
  CPUs, 2M pages): h1

3 hosts have reasons of their own, the nearest miss first
  2 hosts: h2, h3
    - capacity: 9–12 of 8 VCPU
  1 host: h4
    - zone: is in b [1 host]; is in c [1 host]
    - traits: lacks T

warnings (1)
  - soft-groups: no longer apart [1 host: h1]

assumptions (1)
  - a: it stays (not known: x; record y) [1 host: h1]

with --allow cold: 1 host more: h2
`);
  });

  it('says once what no host would make good, and who would take it otherwise', () => {
    const text = explainReport(
      explanation({
        ways: [
          {
            ...way,
            accepted: 0,
            everywhere: [
              {
                rule: 'server-state',
                text: 'server web-1: locked',
                measured: 1,
                limit: 0,
                unit: 'u',
                where: 'web-1',
              },
            ],
          },
        ],
        hosts: [answer('h1'), answer('h2')],
        groups: [group(['h1', 'h2'])],
      }),
      80,
    );

    expect(text).toBe(`web-1 (s-1) on h0: ACTIVE, flavor f (1 vCPU, 512 MiB); profile zed

refused whatever the host
  - live: server-state: server web-1: locked

none of 2 hosts takes it

2 hosts would take it otherwise
  2 hosts (live, storage block): h1, h2
`);
  });

  it('answers for one host way by way, each with all reasons', () => {
    const refusal = {
      rule: 'capacity',
      text: 'host h1: 9 of 8 VCPU',
      measured: 9,
      limit: 8,
      unit: 'VCPU',
      where: 'h1',
    };
    const text = explainReport(
      explanation({
        to: hostId('h1'),
        hosts: [
          answer('h1', { refusals: [refusal, { ...refusal, rule: 'traits', text: 'host h1 lacks: T' }] }),
          answer('h1', { method: 'cold', verdict: 'yes' }),
          answer('h1', { forced: true }),
        ],
        warnings: [{ id: 'downtime', text: 'shut down', hosts: [hostId('h1')] }],
        allowing: [{ allow: 'forced', hosts: [hostId('h1')] }],
      }),
      80,
    );

    expect(text.split('\n').slice(2)).toEqual([
      'h1, live: no',
      '  - capacity: host h1: 9 of 8 VCPU',
      '  - traits: host h1 lacks: T',
      '',
      'h1, cold: yes, storage block',
      '',
      'h1, forced live: no',
      '',
      'warnings (1)',
      '  - downtime: shut down',
      '',
      'with --allow forced: yes',
      '',
    ]);
  });

  it('names the way of each group where several were asked', () => {
    const ways = (['live', 'cold'] as const).map((method) => ({
      method,
      storage: 'block' as const,
      accepted: 0,
      everywhere: [],
    }));
    const groups = [group(['h1'], { method: 'cold', reasons: [reason('a', 'b')] })];

    expect(explainReport(explanation({ ways, groups, hosts: [answer('h1')] }), 80)).toContain(
      '\n  1 host (cold): h1\n',
    );
  });

  it('tells of servers on a host that is down, and on none', () => {
    const { server } = explanation();
    const { host, ...homeless } = server;

    expect(host).toBe('h0');
    expect(explainReport(explanation({ server: { ...server, hostIsDown: true } }), 80)).toContain(
      '\nh0 is down: an evacuate is the only way\n',
    );
    expect(explainReport(explanation({ server: homeless, ways: [] }), 80)).toBe(
      'web-1 (s-1): ACTIVE, flavor f (1 vCPU, 512 MiB); profile zed\n\nit runs on no host: there is nothing to move\n',
    );
  });

  it('puts 500 hosts of many kinds on one screen of 80 columns', () => {
    const names = Array.from(
      { length: 500 },
      (_, index) => `compute-${index}.rack-${index % 17}.example.net`,
    );
    const groups = Array.from({ length: 25 }, (_, kind) =>
      group(
        names.filter((_name, index) => index % 25 === kind),
        {
          reasons:
            kind % 2 === 0
              ? [reason('capacity', 'full')]
              : [reason('traits', 'none'), reason('capacity', 'full')],
        },
      ),
    );
    const text = explainReport(explanation({ hosts: names.map((name) => answer(name)), groups }), 80);
    const lines = text.split('\n');

    expect(lines.length).toBeLessThan(50);
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
    expect(text).toContain('  20 hosts: ');
    expect(text).toContain('  and 340 hosts farther away, refused by capacity 340, traits 160; --json has');
  });

  it('escapes names that strangers chose', () => {
    const nasty = 'x\u001B[31m\ny';
    const { server } = explanation();
    const text = explainReport(
      explanation({
        server: { ...server, name: nasty, group: nasty, host: hostId(nasty), hostIsDown: true },
        hosts: [
          answer(nasty, {
            assumptions: [{ rule: nasty, assumption: nasty, missing: [nasty], supply: [nasty] }],
          }),
        ],
        groups: [group([nasty], { reasons: [reason(nasty, nasty)] })],
        warnings: [{ id: nasty, text: nasty, hosts: [hostId(nasty)] }],
      }),
      80,
    );

    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('\ny');
    expect(text.match(/x\\u\{1b\}\[31m\\ny/g)?.length).toBeGreaterThan(6);
  });
});

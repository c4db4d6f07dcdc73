import { describe, expect, it } from 'vitest';
import { formatDiagnostic, InputError } from '../../src/shared/diagnostic.ts';

describe('formatDiagnostic', () => {
  it('is one line where there is no more to say', () => {
    expect(
      formatDiagnostic({ code: 'plan.stale', severity: 'warning', summary: 'the plan is 3 days old' }),
    ).toBe('warning plan.stale: the plan is 3 days old');
  });

  it('names the place, the value, the limit and the next step', () => {
    expect(
      formatDiagnostic({
        code: 'inventory.out-of-range',
        severity: 'error',
        summary: 'memory of a host must be positive',
        source: 'inventory.json',
        path: '$.hosts[3].memoryMiB',
        value: -5,
        limit: 1,
        hint: 'import the inventory again',
      }),
    ).toBe(
      'error inventory.out-of-range: memory of a host must be positive (at inventory.json $.hosts[3].memoryMiB, value -5, limit 1)\n' +
        '  hint: import the inventory again',
    );
  });

  it('lists what the summary counts, one a line', () => {
    expect(
      formatDiagnostic({
        code: 'plan.stale',
        severity: 'error',
        summary: '2 of 14 servers have changed',
        details: ['web-3 now runs on cmp-07 (plan expects cmp-04)', 'db-1 was deleted'],
        hint: 'run `planner rebalance` again',
      }),
    ).toBe(
      'error plan.stale: 2 of 14 servers have changed\n' +
        '  web-3 now runs on cmp-07 (plan expects cmp-04)\n' +
        '  db-1 was deleted\n' +
        '  hint: run `planner rebalance` again',
    );
  });

  it('keeps a hostile name from adding lines or reaching the terminal', () => {
    expect(
      formatDiagnostic({
        code: 'inventory.unknown-host',
        severity: 'error',
        summary: 'no host x\nerror fake.code: \u001b[2Jgone',
        value: 'y\u202ez\n',
      }),
    ).toBe(
      'error inventory.unknown-host: no host x\\nerror fake.code: \\u{1b}[2Jgone (value y\\u{202e}z\\n)',
    );
  });
});

describe('InputError', () => {
  it('tells every problem at once', () => {
    const cause = new Error('cause');

    const error = new InputError(
      [
        { code: 'a.b', severity: 'error', summary: 'first' },
        { code: 'c.d', severity: 'warning', summary: 'second' },
      ],
      { cause },
    );

    expect(error.name).toBe('InputError');
    expect(error.message).toBe('error a.b: first\nwarning c.d: second');
    expect(error.diagnostics.map((d) => d.code)).toEqual(['a.b', 'c.d']);
    expect(error.cause).toBe(cause);
  });
});

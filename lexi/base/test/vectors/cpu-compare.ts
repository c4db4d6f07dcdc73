import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { compareGuestCpu, compareHostCpu, type CpuTable } from '../../src/nova/cpu-compare.ts';

const CpuModels = z.object({
  models: z.record(z.string(), z.object({ features: z.array(z.string()) })),
  features: z.array(z.string()),
});

const hostCpu = z
  .object({
    arch: z.string(),
    model: z.string(),
    vendor: z.string().nullable(),
    features: z.array(z.string()),
  })
  .transform(({ vendor, ...cpu }) => ({ ...cpu, ...(vendor === null ? {} : { vendor }) }));

const guestCpu = z
  .object({
    match: z.enum(['exact', 'minimum', 'strict']),
    model: z.string(),
    vendor: z.string().nullable(),
    features: z.array(
      z.object({ name: z.string(), policy: z.enum(['require', 'optional', 'disable', 'forbid', 'force']) }),
    ),
  })
  .transform(({ vendor, ...cpu }) => ({ ...cpu, ...(vendor === null ? {} : { vendor }) }));

const Kind = z.object({ source: z.object({ kind: z.enum(['host', 'guest']) }) });
const HostInput = z.object({ source: hostCpu, destination: hostCpu });
const GuestInput = z.object({ source: guestCpu, destination: hostCpu });

let table: CpuTable | undefined;

export function cpuCompare(input: unknown) {
  table ??= readTable();
  const verdict =
    Kind.parse(input).source.kind === 'host' ? judgeHost(table, input) : judgeGuest(table, input);
  return {
    result: verdict.kind,
    migrationAllowed: verdict.kind === 'identical' || verdict.kind === 'superset',
    ...(verdict.kind === 'incompatible' && verdict.cause === 'missing'
      ? { missingFeatures: verdict.features }
      : {}),
  };
}

function judgeHost(known: CpuTable, input: unknown) {
  const { source, destination } = HostInput.parse(input);
  return compareHostCpu(known, source, destination);
}

function judgeGuest(known: CpuTable, input: unknown) {
  const { source, destination } = GuestInput.parse(input);
  return compareGuestCpu(known, source, destination);
}

function readTable(): CpuTable {
  const text = readFileSync(new URL('../../models/cpu-models.json', import.meta.url), 'utf8');
  const { models, features } = CpuModels.parse(JSON.parse(text));
  const entries = Object.entries(models).map(
    ([name, model]) => [name, { features: new Set(model.features) }] as const,
  );
  return { models: new Map(entries), features: new Set(features) };
}

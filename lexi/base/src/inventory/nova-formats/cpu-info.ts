import { z } from 'zod';
import type { HostCpu } from '../../model/cpu.ts';
import { compareText } from '../../shared/collections.ts';
import { present } from '../present.ts';
import { jsonColumn } from './json-column.ts';
import { maybe } from './maybe.ts';

const Info = z.object({
  arch: maybe(z.string()),
  model: maybe(z.string()),
  vendor: maybe(z.string()),
  features: maybe(z.array(z.string())),
});

/** `cpu_info`: an object since 2.28, before and in the database a text that holds one; empty when unknown. */
export const CpuInfo = z.union([Info, jsonColumn(Info)]);

/** The CPU; `undefined` where the host reported none. Features have no order: sorted, so that equal sets are equal. */
export function toHostCpu(info: z.infer<typeof CpuInfo>): HostCpu | undefined {
  if (info?.arch === undefined) return undefined;
  return present({
    arch: info.arch,
    model: info.model,
    vendor: info.vendor,
    features: new Set([...(info.features ?? [])].sort(compareText)),
  });
}

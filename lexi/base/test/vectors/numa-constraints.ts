import { z } from 'zod';
import { guestTopology } from '../../src/nova/guest-topology.ts';
import { count, strings } from './schema.ts';

const Input = z.object({ vcpus: count, memoryMiB: count, extraSpecs: strings, imageProperties: strings });

export function numaConstraints(input: unknown) {
  const { imageProperties, ...flavor } = Input.parse(input);
  const result = guestTopology(flavor, imageProperties);
  switch (result.kind) {
    case 'none':
      return { kind: 'none' };
    case 'error':
      return { kind: 'error', errorClass: result.errorClass, stage: result.stage };
    case 'topology':
      return {
        kind: 'topology',
        emulatorPolicy: result.topology.emulatorPolicy ?? null,
        cells: result.topology.cells.map((cell) => ({
          ...cell,
          pageSize: cell.pageSize ?? null,
          cpuPolicy: cell.cpuPolicy ?? null,
          threadPolicy: cell.threadPolicy ?? null,
        })),
      };
  }
}

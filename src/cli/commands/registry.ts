import type { AddCommand } from '../command.ts';
import { addCheck } from './check.ts';
import { addDrain } from './drain.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addFacts } from './facts.ts';
import { addImport } from './import.ts';
import { addRebalance } from './rebalance.ts';
import { addSchema } from './schema.ts';
import { addShow } from './show.ts';
import { addTimeline } from './timeline.ts';
import { addVerify } from './verify.ts';

/** Every command, in the order of the help. */
export const commands: readonly AddCommand[] = [
  addImport,
  addFacts,
  addCheck,
  addExplain,
  addRebalance,
  addDrain,
  addVerify,
  addShow,
  addTimeline,
  addExport,
  addSchema,
];

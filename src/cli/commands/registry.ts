import type { AddCommand } from '../command.ts';
import { addApprove } from './approve.ts';
import { addCheck } from './check.ts';
import { addCompletion } from './completion.ts';
import { addDiff } from './diff.ts';
import { addDoctor } from './doctor.ts';
import { addDrain } from './drain.ts';
import { addEvacuate } from './evacuate.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addFacts } from './facts.ts';
import { addImport } from './import.ts';
import { addRebalance } from './rebalance.ts';
import { addResume } from './resume.ts';
import { addRollback } from './rollback.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { addShow } from './show.ts';
import { addStatus } from './status.ts';
import { addAbort, addStop } from './stop.ts';
import { addTimeline } from './timeline.ts';
import { addUndrain } from './undrain.ts';
import { addVerify } from './verify.ts';

/** Every command, in the order of the help. */
export const commands: readonly AddCommand[] = [
  addImport,
  addFacts,
  addDoctor,
  addCheck,
  addExplain,
  addRebalance,
  addDrain,
  addEvacuate,
  addUndrain,
  addVerify,
  addShow,
  addDiff,
  addTimeline,
  addExport,
  addApprove,
  addRun,
  addResume,
  addStatus,
  addStop,
  addAbort,
  addRollback,
  addSchema,
  addCompletion,
];

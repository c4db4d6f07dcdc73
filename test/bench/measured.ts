import { compareMeasured } from './measured/run.ts';
import { missingData } from './support/data.ts';

/** What our model and mVM predict of mVM's plans, file by file, against what their executions took. */
const missing = missingData('mvm', 'measured.csv');
if (missing === undefined) {
  const { files, ...errors } = compareMeasured();
  for (const file of files) process.stdout.write(`${JSON.stringify(file)}\n`);
  process.stdout.write(`${JSON.stringify(errors, undefined, 2)}\n`);
} else process.stdout.write(`${missing}\n`);

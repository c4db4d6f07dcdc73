export { type Diagnostic, formatDiagnostic, InputError } from './shared/diagnostic.ts';

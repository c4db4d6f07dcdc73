import { loadGlpkEngine } from './glpk-engine.ts';
import { serveEngine } from './worker-main.ts';

serveEngine(loadGlpkEngine);

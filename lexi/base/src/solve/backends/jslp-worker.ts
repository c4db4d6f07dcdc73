import { loadJslpEngine } from './jslp-engine.ts';
import { serveEngine } from './worker-main.ts';

serveEngine(loadJslpEngine);

import { loadHighsEngine } from './highs-engine.ts';
import { serveEngine } from './worker-main.ts';

serveEngine(loadHighsEngine);

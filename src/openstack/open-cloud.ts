import { InputError } from '../shared/diagnostic.ts';
import { createRng } from '../shared/rng.ts';
import { chooseCloud } from './config/choose-cloud.ts';
import { credentialsOf } from './config/credentials-of.ts';
import type { Surroundings } from './config/read-files.ts';
import { createSession } from './create-session.ts';
import { createHttpsTransport } from './http/https-transport.ts';
import type { Session } from './session.ts';

export interface OpenCloudOptions {
  /** As in `clouds.yaml`; without one what `OS_CLOUD` or the other variables say. */
  readonly name?: string;
  readonly surroundings: Surroundings;
  /** Requests at a time. */
  readonly parallel?: number;
  readonly log?: (line: string) => void;
  /** Told before each repetition what is waited for, and why. */
  readonly onWait?: (line: string) => void;
}

/** For one answer: a page of a thousand servers takes a busy cloud long. */
const timeoutMs = 120_000;
const maxReplyBytes = 256 * 2 ** 20;
const usualParallel = 8;

/**
 * A session with a cloud that the files and variables of OpenStack clients describe.
 *
 * @throws InputError when nothing describes it, or not wholly.
 */
export function openCloud(options: OpenCloudOptions): Session {
  const { log, name, onWait, parallel = usualParallel, surroundings } = options;
  const cloud = chooseCloud(name, surroundings);
  if (cloud === undefined) throw new InputError([noCloud]);
  const credentials = credentialsOf(cloud);
  return createSession(credentials, {
    transport: createHttpsTransport({
      tls: credentials.tls,
      timeoutMs,
      connections: parallel,
      maxReplyBytes,
    }),
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    rng: createRng(0),
    parallel,
    ...(log !== undefined && { log }),
    ...(onWait !== undefined && { onWait }),
  });
}

const noCloud = {
  code: 'cloud.none',
  severity: 'error',
  summary: 'nothing says which cloud to read',
  hint: 'name one of clouds.yaml with --cloud or OS_CLOUD, or set OS_AUTH_URL and the other OS_* variables; planner import --from FOLDER reads a recording',
} as const;

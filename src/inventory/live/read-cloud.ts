import { OpenStackError } from '../../openstack/openstack-error.ts';
import type { Session } from '../../openstack/session.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { Gap } from '../document/cloud-records.ts';
import { migrationDays } from '../migration-records.ts';
import type { Asking, LiveProgress } from './asking.ts';
import { saveMigrations, saveNovaLists, saveServerDetails } from './nova.ts';
import { saveOtherServices } from './other-services.ts';
import { savePlacement } from './placement.ts';
import { problemOf } from './problems.ts';
import { createRecording } from './recording.ts';

export interface ReadCloudOptions {
  readonly session: Session;
  /** Where the replies go, in the layout that `importBundle` reads. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
  /** Servers or providers asked about at a time. */
  readonly parallel?: number;
  /** What was looked for in vain before, elsewhere: part of the recording. */
  readonly gaps?: readonly Gap[];
}

const dayMs = 86_400_000;

/**
 * Asks a cloud for everything that an import reads and keeps the replies as a recording; one page or one server's
 * reply at a time is in memory. What is missing and not needed is a gap of the recording.
 *
 * @throws InputError when something is missing without which there is no inventory, with every such thing.
 */
export async function readCloud(options: ReadCloudOptions): Promise<void> {
  const { directory, gaps = [], now, onProgress = () => undefined, parallel = 8, session, signal } = options;
  const asking: Asking = {
    session,
    recording: createRecording(directory, gaps),
    problems: [],
    onProgress,
    parallel,
    ...(signal !== undefined && { signal }),
  };
  try {
    const since = instant(now - migrationDays * dayMs);
    const [servers] = await Promise.all([
      saveNovaLists(asking),
      saveMigrations(asking, since),
      savePlacement(asking),
      saveOtherServices(asking),
    ]);
    if (asking.problems.length > 0) throw new InputError(asking.problems);
    await saveServerDetails(asking, servers);
  } catch (error) {
    if (error instanceof OpenStackError)
      throw new InputError([problemOf(error, session.name)], { cause: error });
    throw error;
  }
  await asking.recording.finish({
    capturedAt: new Date(now).toISOString().replace('.000', ''),
    cloud: session.name,
  });
}

/** RFC 3339 in whole seconds. */
const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

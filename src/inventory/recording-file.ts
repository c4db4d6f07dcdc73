import { z } from 'zod';
import { type Bundle, namesIn, readReply } from './bundle-files.ts';
import { gapSchema } from './document/cloud-records.ts';
import { parseItems } from './replies.ts';

/** What a live import writes beside the replies: when they were read, and what could not be. */
export const recordingFile = 'recording.json';

const RecordingFacts = z.object({
  capturedAt: z.iso.datetime().optional(),
  gaps: z.array(gapSchema).default([]),
});

/** What the recording says of itself; nothing where it was made by other means. */
export function readRecordingFile(bundle: Bundle): z.infer<typeof RecordingFacts> {
  const item = namesIn(bundle, '').includes(recordingFile) ? readReply(bundle, recordingFile) : undefined;
  const [facts] = item === undefined ? [] : parseItems(RecordingFacts, [item]);
  return facts ?? { gaps: [] };
}

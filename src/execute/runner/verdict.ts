import type { Meaning } from '../words/meaning.ts';
import type { ServerSeen } from '../driver.ts';
import type { Seen } from '../journal/entry.ts';

/** What a look at the cloud says of a step that was requested. */
export type Verdict =
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'progress';
      readonly status: string;
      readonly migration?: number;
      /** The destination has been claimed. */
      readonly claimed: boolean;
    }
  | { readonly kind: 'done' }
  | Failed
  /** A cold migration was taken back, in words. */
  | (Pick<Failed, 'text' | 'meaning' | 'seen'> & { readonly kind: 'reverted' })
  /** Whether a request arrived whose answer is not known. */
  | { readonly kind: 'reconciled'; readonly arrived: boolean };

/** A step that failed, or was refused. */
export interface Failed {
  readonly kind: 'failed';
  /** What has happened, with Nova's own words. */
  readonly text: string;
  /** The log and host to read. */
  readonly read?: string;
  /** What Nova's words mean, and whether it may pass by itself; absent where they are not known. */
  readonly meaning?: Meaning;
  /** The server at that moment. */
  readonly seen?: Seen;
}

export const wait: Verdict = { kind: 'wait' };

export const failed = (text: string, more: Omit<Failed, 'kind' | 'text'> = {}): Failed => ({
  kind: 'failed',
  text,
  ...(more.meaning !== undefined && { read: more.meaning.read }),
  ...more,
});

/** A server as a failed step leaves it. */
export const seenOf = ({ host, status }: ServerSeen): Seen => ({
  status,
  ...(host !== undefined && { host }),
});

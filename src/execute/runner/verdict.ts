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
  | {
      readonly kind: 'failed';
      readonly text: string;
      /** The log and host to read. */
      readonly read?: string;
      /** The scheduler found no room: that may change when a host tells of what has left it. */
      readonly noRoom?: true;
    }
  /** Whether a request arrived whose answer is not known. */
  | { readonly kind: 'reconciled'; readonly arrived: boolean };

export const wait: Verdict = { kind: 'wait' };

export const failed = (text: string, read?: string): Extract<Verdict, { kind: 'failed' }> => ({
  kind: 'failed',
  text,
  ...(read !== undefined && { read }),
});

/** What a look before a run finds. */
export interface PreflightFinding {
  /** The run would fail at it; else it only should be known. */
  readonly blocks: boolean;
  readonly text: string;
  readonly step?: string;
}

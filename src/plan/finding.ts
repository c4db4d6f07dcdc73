export type FindingCode =
  | 'stale'
  | 'refused'
  | 'cells-differ'
  | 'unfinished'
  | 'violation-worse'
  | 'objective-differs'
  | 'bound-differs'
  | 'summary-differs'
  | 'timetable'
  | 'waits'
  | 'calendar'
  | 'deadline'
  | 'undo-differs'
  | 'times-differ'
  | 'limit';

/** One thing that is not as the plan says. */
export interface Finding {
  readonly code: FindingCode;
  readonly step?: string;
  readonly text: string;
  readonly measured?: number;
  readonly limit?: number;
}

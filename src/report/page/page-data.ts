/**
 * What the review page of a plan shows, as plain data that stands in the page as JSON.
 *
 * Lists refer to each other by index, and long texts that repeat stand once, so that 6,000 moves stay small. Every text
 * is for people and is shown literally: the page puts it into text nodes and never into markup.
 */
export interface PageData {
  /** `Consolidate: 6 hosts freed by 41 moves`. */
  readonly title: string;
  /** The first 12 digits of the plan's digest, as `planner show` has it. */
  readonly plan: string;
  /** One fact a line, the most important first: label, words. */
  readonly headline: readonly (readonly [label: string, words: string])[];
  readonly warnings: readonly PageNotice[];
  readonly assumptions: readonly PageNotice[];
  readonly hosts: readonly PageHost[];
  readonly servers: readonly PageServer[];
  /** In the order of their requests. */
  readonly steps: readonly PageStep[];
  /** Words that several steps share; a step names them by index. */
  readonly texts: readonly string[];
  readonly timetable: PageTimetable;
  readonly notDone: readonly PageNotDone[];
  /** What to do when a step fails, and where the way back closes: one paragraph an entry. */
  readonly whenItFails: readonly string[];
  /** The cloud through the steps; absent without an inventory. */
  readonly cloud?: PageCloud;
  /** Why there is no map, and how to get one; absent with a cloud. */
  readonly noCloud?: string;
}

export interface PageNotice {
  readonly text: string;
  /** Steps that it is about. */
  readonly steps: readonly number[];
}

export interface PageHost {
  readonly name: string;
  readonly zone?: string;
  /** Of the service before the plan: `enabled`, `disabled`, `down`. */
  readonly status: string;
  /** Label and words, for the host's detail. */
  readonly facts: readonly (readonly [label: string, words: string])[];
}

export interface PageServer {
  readonly name: string;
  readonly id: string;
  /** Host before the plan, and after it. */
  readonly before?: number;
  readonly after?: number;
  /** Label and words, for the server's detail. */
  readonly facts: readonly (readonly [label: string, words: string])[];
}

export interface PageStep {
  readonly id: string;
  readonly kind:
    | 'live'
    | 'cold'
    | 'evacuate'
    | 'confirm'
    | 'disable-service'
    | 'enable-service'
    | 'stop'
    | 'start'
    | 'wait';
  readonly wave: number;
  /** Seconds from the plan's start. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Index of the server, and of hosts: `to` of migrations, `from` of migrations and of services their host. */
  readonly server?: number;
  readonly from?: number;
  readonly to?: number;
  readonly bytes?: number;
  readonly downtimeMs?: number;
  /** Index of texts: what it is for. */
  readonly reason: number;
  /** Steps that have to have ended (`ended`) or to be requested (`requested`) before, with the text that says why. */
  readonly waitsFor: readonly {
    readonly step: number;
    readonly until: 'ended' | 'requested';
    readonly why?: number;
  }[];
  /** More for the step's detail, as index of texts: label, words, label, words. */
  readonly facts: readonly number[];
  /** The step whose request closes the way back; −1 where there is none from the start. */
  readonly noWayBackFrom?: number;
  readonly stopOver?: true;
  readonly forced?: true;
}

export interface PageTimetable {
  readonly makespanSeconds: number;
  /** Seconds of the plan's start since 1970 where the plan has a calendar. */
  readonly startsAt?: number;
  /** Stretches in which nothing may be on its way. */
  readonly shut: readonly (readonly [fromSeconds: number, toSeconds: number])[];
  /** Stretches in which servers and hosts that `of` selects are left alone. */
  readonly frozen: readonly {
    readonly of: string;
    readonly fromSeconds: number;
    readonly toSeconds: number;
  }[];
  readonly links: readonly {
    readonly name: string;
    readonly capacityMbps: number;
    readonly peakMbps: number;
    /** What it carries from each time on, as a staircase: seconds, Mbit/s, seconds, Mbit/s. */
    readonly carried: readonly number[];
  }[];
}

export interface PageNotDone {
  /** Servers and hosts that it is about, in words. */
  readonly subject: string;
  readonly reason: string;
  readonly rule: string;
}

/**
 * Hosts, their NUMA cells and what each has and uses, before the plan, and the changes of each event. A meter is one
 * resource of one cell (or of a whole host); meters are numbered through, and `used`, `total` and changes name them by
 * that number.
 */
export interface PageCloud {
  /** `CPUs`, `dedicated CPUs`, `memory`, `1 GiB pages`, `PCI physnet1`. */
  readonly resources: readonly { readonly name: string; readonly unit: string }[];
  /** One entry a host, in the order of `PageData.hosts`. */
  readonly hosts: readonly {
    /** The cells in Nova's order; one without an id stands for the whole host. */
    readonly cells: readonly {
      readonly id?: number;
      /** Meters in the order of resources: resource, meter, resource, meter. */
      readonly meters: readonly number[];
    }[];
    /** Servers on the host before the plan. */
    readonly servers: readonly number[];
  }[];
  readonly used: readonly number[];
  readonly total: readonly number[];
  /** In the order of time: what the slider steps through. */
  readonly events: readonly {
    readonly atSeconds: number;
    readonly step: number;
    readonly what: 'requested' | 'ended';
    /** Meter, difference, meter, difference. */
    readonly changes: readonly number[];
  }[];
}

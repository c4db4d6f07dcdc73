/** The goal in numbers, by the shape of its terms. No price is below zero. */
export interface CompiledObjective {
  /** Price of each host with servers on it. */
  readonly hostPrice: Float64Array;
  /** Whether any host has one. */
  readonly paysForHosts: boolean;
  /** Resources that the goal speaks of; `Holding.load` and `ServerClass.load` are in this order. */
  readonly resources: readonly string[];
  /** Which of a class's two loads counts on a host: 0 with a PCPU inventory, 1 without. */
  readonly kindOf: Uint8Array;
  readonly curves: readonly HostCurve[];
  readonly peaks: readonly PeakCost[];
  readonly slots: readonly SlotCost[];
  readonly sets: readonly SetCost[];
  readonly nearness: readonly NearCost[];
  readonly moved: readonly MovedCost[];
  readonly routes: RouteTable | undefined;
  /** Sets of the goal by server; equal ones are one object. */
  readonly membership: readonly Membership[];
  /** Some term is no sum over hosts and servers, so that parts of a cloud cannot be valued one by one. */
  readonly couples: boolean;
}

/**
 * What the use of a host costs:
 *
 *     Σ over levels t of  slope(t) × max(0, constant(h) + Σ over parts i of factor(i, h) × used(i, h) − level(t))
 *
 * Hosts that do not count have `counts` 0.
 */
export interface HostCurve {
  readonly name: string;
  readonly counts: Uint8Array;
  readonly constant: Float64Array;
  readonly parts: readonly { readonly resource: number; readonly factor: Float64Array }[];
  /** Ascending, none twice. */
  readonly levels: Float64Array;
  readonly slopes: Float64Array;
}

/** weight × max over hosts of  constant(h) + factor(h) × used(h);  hosts that do not count have factor 0. */
export interface PeakCost {
  readonly weight: number;
  readonly resource: number;
  readonly factor: Float64Array;
  readonly constant: Float64Array;
}

/** weight × max(0, wanted − Σ over hosts of min over parts of ⌊ max(0, room(h) − used(h)) / amount ⌋). */
export interface SlotCost {
  readonly weight: number;
  readonly wanted: number;
  readonly counts: Uint8Array;
  readonly parts: readonly {
    readonly resource: number;
    readonly amount: number;
    readonly room: Float64Array;
  }[];
}

/** Hosts by place. */
export interface Places {
  readonly placeOf: Int32Array;
  readonly count: number;
}

/**
 * What a set of servers costs by n(d), its members in place d, and k, the number of places with any:
 *
 *     short:     weight × max(0, limit − k)
 *     scattered: weight × max(0, k − 1)
 *     crowded:   weight × Σ over d of max(0, n(d) − limit)
 */
export interface SetCost {
  readonly kind: 'short' | 'scattered' | 'crowded';
  readonly weight: number;
  readonly limit: number;
  readonly members: readonly number[];
  readonly places: Places;
}

/** weight × Σ over pairs (a, b) of the members of set a in places without a member of set b. */
export interface NearCost {
  readonly weight: number;
  readonly places: Places;
  readonly sets: readonly (readonly number[])[];
  readonly pairs: readonly { readonly a: number; readonly b: number }[];
}

/** weight × the most members of one of the sets that are not where they were. */
export interface MovedCost {
  readonly weight: number;
  readonly sets: readonly (readonly number[])[];
}

/** What it costs to go from one host to another, weights applied. */
export interface RouteTable {
  /** Row by host to leave; hosts with the same prices share one. */
  readonly rowOf: Int32Array;
  /** Prices by destination. */
  readonly rows: readonly Float64Array[];
}

/** Indices of the sets that a server is in: of `sets`, and by term of the sets of `nearness` and `moved`. */
export interface Membership {
  readonly index: number;
  readonly sets: readonly number[];
  readonly near: readonly (readonly number[])[];
  readonly moved: readonly (readonly number[])[];
}

/** What an objective pays for besides moves, where it pays for nothing. */
export const nothingPaid = {
  paysForHosts: false,
  curves: [],
  peaks: [],
  slots: [],
  sets: [],
  nearness: [],
  moved: [],
  routes: undefined,
  couples: false,
} as const satisfies Partial<CompiledObjective>;

/** What belongs with `nothingPaid`: a server in no set that a term counts. */
export const noSets: Membership = { index: 0, sets: [], near: [], moved: [] };

/** The cost of a host whose use of resource r is `used[offset + r]`. */
export function curveCost(curve: HostCurve, host: number, used: Float64Array, offset: number): number {
  if (curve.counts[host] === 0) return 0;
  const { parts, levels, slopes } = curve;
  let load = curve.constant[host] ?? 0;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i];
    if (part !== undefined) load += (part.factor[host] ?? 0) * (used[offset + part.resource] ?? 0);
  }
  let sum = 0;
  for (let t = 0; t < levels.length; t += 1) {
    const above = load - (levels[t] ?? 0);
    if (above > 0) sum += (slopes[t] ?? 0) * above;
  }
  return sum;
}

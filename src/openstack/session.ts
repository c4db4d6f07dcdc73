import type { HttpMethod } from './http/transport.ts';
import type { Service } from './services.ts';

/** One call of an API. */
export interface ApiCall {
  readonly service: Service;
  readonly method: HttpMethod;
  /** From the service's versioned endpoint on: `/servers/detail`. */
  readonly path: string;
  /** `2.87`; without one the service's lowest counts. */
  readonly microversion?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Gives up: the promise is rejected with kind `aborted`. */
  readonly signal?: AbortSignal;
}

export interface ApiReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; `undefined` where the answer is empty. */
  readonly body: unknown;
  /** `x-openstack-request-id`, `req-…`: the same id that server actions carry. */
  readonly requestId: string | undefined;
}

/** The microversions that an endpoint offers, both ends included. */
export interface MicroversionRange {
  readonly min: string;
  readonly max: string;
}

/** Who a token says that we are. */
export interface Identity {
  readonly user: string;
  readonly project?: string;
  readonly roles: readonly string[];
}

export interface SessionCounts {
  readonly requests: number;
  /** Of these, how many repeated one that had failed. */
  readonly retries: number;
  readonly tokens: number;
}

/**
 * A cloud to talk to. Requests are bounded in number at a time; a token is renewed before it expires and after a 401.
 * Safe methods (GET, HEAD) are repeated on 429, 5xx, resets and timeouts; others only on 429, which did nothing.
 */
export interface Session {
  /** The name of the cloud, for messages. */
  readonly name: string;
  /** @throws OpenStackError for every answer of 400 or more, and where there is none. */
  request(call: ApiCall): Promise<ApiReply>;
  /** Whether the catalog has the service. */
  has(service: Service): Promise<boolean>;
  /** The URL of the service that paths are added to. */
  endpoint(service: Service): Promise<string>;
  /** `undefined` where the endpoint tells none. */
  microversions(service: Service): Promise<MicroversionRange | undefined>;
  identity(): Promise<Identity>;
  counts(): SessionCounts;
  /** Closes its connections. */
  close(): void;
}

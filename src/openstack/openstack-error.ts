import type { Service } from './services.ts';

/** What went wrong, as far as a caller may act differently. */
export type OpenStackErrorKind =
  /** 400 and other answers that say the request is wrong. */
  | 'bad-request'
  /** 401 after a fresh token: the credentials are not accepted. */
  | 'unauthorized'
  /** 403: a policy does not allow it; `policy` names it where the answer does. */
  | 'forbidden'
  | 'not-found'
  /** 406: the microversion is not offered. */
  | 'not-acceptable'
  | 'conflict'
  /** 413 or 429, still after the retries. */
  | 'too-many-requests'
  /** 5xx, still after the retries. */
  | 'server-error'
  /** No connection could be made: nothing was sent. */
  | 'unreachable'
  /** The certificate is not trusted: nothing was sent. */
  | 'untrusted'
  /** The connection broke: whether the request was carried out is not known. */
  | 'lost'
  /** No answer in time: whether the request was carried out is not known. */
  | 'timeout'
  /** An answer that is no JSON, or cut off. */
  | 'not-json'
  /** An answer of more bytes than are read. */
  | 'too-large'
  /** The catalog has no such service in the region and interface. */
  | 'no-service'
  /** The caller gave up. */
  | 'aborted';

export interface OpenStackErrorFacts {
  readonly kind: OpenStackErrorKind;
  /** In plain words, with the service's own; never a secret. */
  readonly message: string;
  readonly service: Service;
  /** `GET /servers/detail`, without the query. */
  readonly call: string;
  readonly status?: number;
  /** `x-openstack-request-id`: what to look for in the service's log. */
  readonly requestId?: string;
  /** The policy that refuses, such as `os_compute_api:os-services:list`. */
  readonly policy?: string;
  /** What the service itself said, shortened. */
  readonly said?: string;
  readonly hint?: string;
}

/**
 * A call that did not succeed. Kinds `lost`, `timeout` and `server-error` leave open whether a request that changes
 * something was carried out: look before asking again.
 */
export class OpenStackError extends Error {
  override readonly name = 'OpenStackError';
  readonly kind: OpenStackErrorKind;
  readonly service: Service;
  readonly call: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly policy: string | undefined;
  readonly said: string | undefined;
  readonly hint: string | undefined;

  constructor(facts: OpenStackErrorFacts) {
    super(facts.message);
    this.kind = facts.kind;
    this.service = facts.service;
    this.call = facts.call;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.policy = facts.policy;
    this.said = facts.said;
    this.hint = facts.hint;
  }

  /** Whether a request that changes something may have been carried out all the same. */
  get mayHaveHappened(): boolean {
    return ['lost', 'timeout', 'server-error', 'not-json', 'too-large', 'aborted'].includes(this.kind);
  }
}

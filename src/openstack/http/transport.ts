export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Carries one request. @throws TransportError where no whole answer came. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpReply>;
  close(): void;
}

/** Why no whole answer came. */
export type TransportFault = 'unreachable' | 'untrusted' | 'lost' | 'timeout' | 'too-large' | 'aborted';

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** How a service of a live cloud answered. */
export interface ServiceProbe {
  /** What people call it: `Nova`. */
  readonly called: string;
  /** Without it nothing can be planned. */
  readonly required: boolean;
  readonly outcome: 'answers' | 'absent' | 'fails';
  /** The microversions that it offers, where it has any. */
  readonly microversions?: { readonly min: string; readonly max: string };
  /** Why it fails, and what to do. */
  readonly said?: string;
  readonly hint?: string;
}

/** One read of an API that an import, or a run, makes. */
export interface ReadProbe {
  readonly called: string;
  /** `GET /os-services`. */
  readonly call: string;
  readonly purpose: 'import' | 'run';
  /** Whether nothing goes without it. */
  readonly required: boolean;
  /** `hidden`: it is answered, but without what is needed of it. */
  readonly outcome: 'allowed' | 'forbidden' | 'hidden' | 'fails' | 'not-tried';
  /** The policy that allows it, as the refusal or Nova's documents name it. */
  readonly policy: string;
  readonly said?: string;
}

/** What a live cloud said when it was asked. */
export interface CloudProbes {
  readonly cloud: string;
  readonly services: readonly ServiceProbe[];
  readonly reads: readonly ReadProbe[];
  /** Names of the roles of the user; absent where Keystone gave no token. */
  readonly roles?: readonly string[];
}

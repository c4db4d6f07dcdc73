import type { Secret } from './secret.ts';
import type { Service } from './services.ts';

export type Interface = 'public' | 'internal' | 'admin';

/** A user or project by id, or by name within a domain. */
export type Named =
  | { readonly id: string }
  | { readonly name: string; readonly domain?: { readonly id: string } | { readonly name: string } };

/** What a token is for. */
export type Scope =
  | { readonly kind: 'project'; readonly project: Named }
  | { readonly kind: 'domain'; readonly domain: { readonly id: string } | { readonly name: string } }
  | { readonly kind: 'system' }
  | { readonly kind: 'none' };

/** How to prove who asks. */
export type AuthMethod =
  | { readonly kind: 'password'; readonly user: Named; readonly password: Secret; readonly scope: Scope }
  | {
      readonly kind: 'application-credential';
      /** With a name of its own it needs the user. */
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: Named };
      readonly secret: Secret;
    }
  | { readonly kind: 'token'; readonly token: Secret; readonly scope: Scope };

export interface TlsOptions {
  /** `false` only where somebody asked for it. */
  readonly verify: boolean;
  /** Paths of PEM files. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** Everything that is needed to talk to a cloud. */
export interface Credentials {
  /** What people call this cloud: the name in `clouds.yaml`, or `OS_*`. */
  readonly name: string;
  readonly authUrl: string;
  readonly method: AuthMethod;
  readonly region?: string;
  readonly interface: Interface;
  readonly tls: TlsOptions;
  /** Endpoints that stand in for those of the catalog. */
  readonly endpoints: Partial<Readonly<Record<Service, string>>>;
  /** Interfaces of single services. */
  readonly interfaces: Partial<Readonly<Record<Service, Interface>>>;
}

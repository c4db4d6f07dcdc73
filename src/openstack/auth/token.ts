import { z } from 'zod';
import { Secret } from '../secret.ts';
import type { Identity } from '../session.ts';

/** `POST /v3/auth/tokens`: what of its answer is read. */
const TokenReply = z.object({
  token: z.object({
    expires_at: z.string().nullish(),
    user: z.object({ name: z.string() }).optional(),
    project: z.object({ id: z.string(), name: z.string() }).nullish(),
    roles: z.array(z.object({ name: z.string() })).optional(),
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(
            z.object({
              url: z.url({ protocol: /^https?$/ }),
              interface: z.string(),
              region: z.string().nullish(),
              region_id: z.string().nullish(),
            }),
          ),
        }),
      )
      .optional(),
  }),
});

export interface CatalogEntry {
  readonly type: string;
  readonly url: string;
  readonly interface: string;
  readonly region: string | undefined;
}

export interface Token {
  readonly secret: Secret;
  /** Milliseconds since 1970; `undefined` where it does not expire. */
  readonly expiresAt: number | undefined;
  readonly identity: Identity;
  readonly projectId: string | undefined;
  readonly catalog: readonly CatalogEntry[];
}

/** The token of an answer; `undefined` where it is none. */
export function toToken(body: unknown, subject: string | undefined): Token | undefined {
  const parsed = TokenReply.safeParse(body);
  if (!parsed.success || subject === undefined || subject === '') return undefined;
  const { catalog = [], expires_at: expires, project, roles = [], user } = parsed.data.token;
  const time = Date.parse(expires ?? '');
  return {
    secret: new Secret(subject),
    expiresAt: Number.isNaN(time) ? undefined : time,
    identity: {
      user: user?.name ?? '',
      ...(project !== undefined && project !== null && { project: project.name }),
      roles: roles.map(({ name }) => name),
    },
    projectId: project?.id,
    catalog: catalog.flatMap(({ endpoints, type }) =>
      endpoints.map((endpoint) => ({
        type,
        url: endpoint.url,
        interface: endpoint.interface,
        region: endpoint.region_id ?? endpoint.region ?? undefined,
      })),
    ),
  };
}

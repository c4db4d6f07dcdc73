import { isDeepStrictEqual } from 'node:util';

/** What a fake Keystone accepts as `auth` in `POST /v3/auth/tokens`. */
export interface Account {
  /** Each a whole `auth` object. */
  readonly accepts: readonly unknown[];
  /** How its tokens begin, to look for them where they must not be. */
  readonly tokenPrefix: string;
}

export const password = 'pa55-word-{never}-shown';

/** A user with a password in a project. */
export const admin: Account = {
  tokenPrefix: 'gAAAAAtoken',
  accepts: [
    {
      identity: {
        methods: ['password'],
        password: { user: { name: 'planner', domain: { name: 'Default' }, password } },
      },
      scope: { project: { name: 'admin', domain: { name: 'Default' } } },
    },
  ],
};

export const acceptsIdentity = ({ accepts }: Account, request: unknown): boolean =>
  accepts.some((auth) => isDeepStrictEqual(request, { auth }));

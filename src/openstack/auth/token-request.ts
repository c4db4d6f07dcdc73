import type { AuthMethod, Named, Scope } from '../credentials.ts';

/** The body of `POST /v3/auth/tokens`; it holds secrets. */
export function tokenRequest(method: AuthMethod): unknown {
  switch (method.kind) {
    case 'password': {
      const user = { ...named(method.user), password: method.password.reveal() };
      return { auth: { identity: { methods: ['password'], password: { user } }, ...scopeOf(method.scope) } };
    }
    case 'application-credential': {
      const { credential, secret } = method;
      const known =
        'id' in credential ? { id: credential.id } : { name: credential.name, user: named(credential.user) };
      // its project is part of it: a scope would be refused
      return {
        auth: {
          identity: {
            methods: ['application_credential'],
            application_credential: { ...known, secret: secret.reveal() },
          },
        },
      };
    }
    case 'token':
      return {
        auth: {
          identity: { methods: ['token'], token: { id: method.token.reveal() } },
          ...scopeOf(method.scope),
        },
      };
  }
}

const named = (who: Named): object =>
  'id' in who ? { id: who.id } : { name: who.name, ...(who.domain !== undefined && { domain: who.domain }) };

function scopeOf(scope: Scope): { readonly scope?: object } {
  switch (scope.kind) {
    case 'project':
      return { scope: { project: named(scope.project) } };
    case 'domain':
      return { scope: { domain: scope.domain } };
    case 'system':
      return { scope: { system: { all: true } } };
    case 'none':
      return {};
  }
}

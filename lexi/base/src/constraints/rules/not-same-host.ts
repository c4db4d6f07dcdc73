import { type Rule, yes } from '../rule.ts';

/** A migration ends on another host than it starts from (Nova: UnableToMigrateToSelf, CannotMigrateToSameHost). */
export const notSameHost: Rule = {
  id: 'not-same-host',
  scope: 'pair',
  holds: 'always',
  judge: ({ from, to }) =>
    from === to ? { kind: 'no', measured: 0, limit: 1, unit: 'hosts to cross', where: to } : yes,
  audit: () => [],
  // Staying is no migration: nothing to forbid among end states.
  compile: () => [],
  describe: ({ where }) => `the server runs on host ${where} already`,
};

import { obstacle, obstacleInWords, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * A server with Manila shares attached stays: Nova neither migrates nor evacuates it. Matters only on releases that can
 * attach shares (31.0.0). Where no source tells, a server is taken to have none: the request would be refused and
 * nothing be lost.
 *
 * Source: compute/api.py reject_shares (ForbiddenWithShare).
 */
export const shares = pairRule({
  id: 'shares',
  askedBy: 'hosts',
  signatureOf: ({ shares: attached }) => String(attached?.length),
  judge({ server }, { profile }) {
    if (!profile.switches.sharesRefused) return yes;
    if (server.shares === undefined) return unknown;
    if (server.shares.length === 0) return yes;
    return obstacle(
      server.name,
      `Nova moves no server with Manila shares attached (${server.shares.join(' ')}): detach them first`,
    );
  },
  describe: obstacleInWords,
});

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['servers[].shares'],
  safe: 'yes',
  assumption: 'the Manila shares of some servers are not known: they are taken to have none',
};

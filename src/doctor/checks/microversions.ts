import type { Profile } from '../../model/profile.ts';
import { type Check, type Finding, ok, problem, type Patient, unknown, warning } from '../check.ts';

/** What planner does with a microversion of Nova, and what is lost below it. */
const uses: readonly { readonly minor: number; readonly gives: string }[] = [
  { minor: 30, gives: 'live migrations to a named host that the scheduler checks' },
  { minor: 56, gives: 'cold migrations to a named host' },
  { minor: 65, gives: 'aborting live migrations that are queued' },
  { minor: 78, gives: 'NUMA cells of servers without the database or the hosts' },
  { minor: 84, gives: 'reasons of failed migrations' },
];
const leastPlacement = 14;

/** Nova and Placement offer the microversions that the plan's requests name. */
export const microversions: Check = {
  id: 'microversions',
  looksAt: 'probes',
  needed: 'Nova offers every microversion of the profile, Placement 1.14 or more',
  why: 'each request names the microversion whose behaviour the plan counts on; 2.68 took the way past the scheduler away (api-ref, REST API version history)',
  fine: 'offered',
  examine: ({ services }, patient) =>
    services.flatMap(({ called, microversions: range, outcome }) => {
      if (!(called === 'Nova' || called === 'Placement')) return [];
      if (outcome !== 'answers')
        return [unknown([called], 'does not answer', 'settle what services-answer says')];
      if (range === undefined)
        return [unknown([called], 'tells no microversions', 'ask the endpoint itself: GET /')];
      const max = minorOf(range.max);
      return called === 'Nova' ? ofNova(range.max, max, patient) : [ofPlacement(range.max, max)];
    }),
};

function ofNova(shown: string, max: number, { profile }: Patient): readonly Finding[] {
  const asked = namedBy(profile);
  const above = asked.filter(([, version]) => minorOf(version) > max);
  if (above.length > 0) {
    const list = above.map(([what, version]) => `${what} ${version}`).join(', ');
    const next = `name the release of this cloud with --release, or ask another endpoint: profile ${profile.name} is of a newer one`;
    return [problem(['Nova'], `offers up to ${shown}; the profile asks for ${list}`, next)];
  }
  const lost = uses.filter(({ minor }) => minor > max);
  if (lost.length === 0) return [ok(['Nova'], `offers up to ${shown}`)];
  const without = lost.map(({ gives, minor }) => `${gives} (2.${minor})`).join('; ');
  const next = 'nothing to do on an old release: plans do without, or say what they need instead';
  return [warning(['Nova'], `offers up to ${shown}, so there is no: ${without}`, next)];
}

const ofPlacement = (shown: string, max: number): Finding =>
  max >= leastPlacement
    ? ok(['Placement'], `offers up to ${shown}`)
    : warning(
        ['Placement'],
        `offers up to ${shown}: without parents of providers`,
        'give rows of its database instead (planner import --from)',
      );

const namedBy = ({ switches: { microversions: asked } }: Profile): readonly (readonly [string, string])[] =>
  Object.entries(asked);

const minorOf = (version: string): number => Number(version.split('.')[1]);

import type { Arrival } from '../../constraints/arrival.ts';
import type { Disruption, RuleContext } from '../../constraints/context.ts';
import { canPostCopy, forcedEnd } from './forced-end.ts';
import { liveCourse, type LiveCourse, type LiveTerms } from './live.ts';
import { liveTermsOf, transferOf } from './transfer.ts';

/** A downtime that nobody would set for all servers of a host is no advice. */
const mostDowntimeMs = 5000;
/** Nor is a network that nobody has: Mbit/s. */
const mostMbps = 400_000;
/** Halvings of the interval in which the bandwidth that is enough lies. */
const halvings = 20;

interface Stuck {
  readonly arrival: Arrival;
  readonly context: RuleContext;
  readonly terms: LiveTerms;
  /** How it is likely to go as things are: it does not end by itself. */
  readonly course: LiveCourse;
}

/**
 * What would bring a live migration to its end that is predicted not to converge, mildest first: each was tried on the
 * same model. With the word of `--allow` that it needs, where that was not given.
 */
export function remediesOf(arrival: Arrival, context: RuleContext): readonly string[] {
  const terms = liveTermsOf(arrival, context.cloud);
  const stuck: Stuck = { arrival, context, terms, course: liveCourse(terms, 'expected') };
  return [autoConverge, postCopy, downtimeLimit, fasterWay, pause, cold].flatMap((try_) => try_(stuck) ?? []);
}

type Remedy = (stuck: Stuck) => string | undefined;

const autoConverge: Remedy = ({ arrival, context, terms }) => {
  if (terms.throttles) return undefined;
  const { converges, throttled } = liveCourse({ ...terms, throttles: true }, 'expected');
  if (!converges) return undefined;
  const slowed = `slows it to ${Math.round((1 - throttled) * 100)} %`;
  return `live_migration_permit_auto_converge on host ${arrival.from}${wordFor('auto-converge', context)} ${slowed}`;
};

const postCopy: Remedy = ({ arrival, context }) => {
  const { from, server } = arrival;
  if (!canPostCopy(server)) return undefined;
  const word = wordFor('post-copy', context);
  return forcedEnd(server, from, context.cloud) === 'post-copy'
    ? `forcing it to end by post-copy${word}`
    : `live_migration_permit_post_copy on host ${from}${word}, then forcing it to end`;
};

const downtimeLimit: Remedy = ({ arrival, terms, course: { downtimeMs } }) => {
  const milliseconds = Math.ceil(downtimeMs / 100) * 100;
  const limits = [{ fromSeconds: 0, milliseconds }];
  const patience = { ...terms.patience, limits };
  if (milliseconds > mostDowntimeMs || !liveCourse({ ...terms, patience }, 'expected').converges)
    return undefined;
  return `live_migration_downtime of ${milliseconds} ms on host ${arrival.from}`;
};

const fasterWay: Remedy = ({ terms }) => {
  const payload = terms.rate.expected;
  const ends = (factor: number): boolean =>
    liveCourse({ ...terms, rate: { ...terms.rate, expected: payload * factor } }, 'expected').converges;
  let [low, high] = [1, (mostMbps * 1e6) / 8 / payload];
  if (!ends(high)) return undefined;
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (low + high) / 2;
    if (ends(middle)) high = middle;
    else low = middle;
  }
  return `a way that carries ${Math.ceil((payload * high) / 2 ** 20)} MiB/s`;
};

const pause: Remedy = ({ arrival, context, terms }) => {
  if (forcedEnd(arrival.server, arrival.from, context.cloud) !== 'pause') return undefined;
  const { downtimeMs } = liveCourse({ ...terms, forced: 'pause' }, 'expected');
  return `forcing it to end${wordFor('pause', context)}: it stands still for ${inSeconds(downtimeMs)}`;
};

const cold: Remedy = ({ arrival, context }) => {
  if (arrival.server.vmState !== 'active') return undefined;
  const { downtimeMs } = transferOf({ ...arrival, method: 'cold' }, context.cloud);
  return `a cold migration${wordFor('cold', context)}: ${inSeconds(downtimeMs)} down`;
};

const wordFor = (word: Disruption, { allow }: RuleContext): string =>
  allow.has(word) ? '' : ` (--allow ${word})`;

const inSeconds = (milliseconds: number): string => `${Math.ceil(milliseconds / 1000)} s`;

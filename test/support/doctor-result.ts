import { z } from 'zod';

const Result = z.object({
  checks: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['problem', 'warning', 'unknown', 'ok']),
      findings: z.array(z.object({ state: z.string(), places: z.array(z.string()), found: z.string() })),
    }),
  ),
});

/** What `planner doctor --json` printed, by check. */
export function doctorResult(stdout: string) {
  const { checks } = Result.parse(JSON.parse(stdout));
  const of = (id: string) => checks.find((each) => each.id === id);
  const bad = (id: string): readonly string[] | undefined =>
    of(id)
      ?.findings.filter(({ state }) => state !== 'ok')
      .map(({ found, places, state }) => `${state} ${places.join(', ')}: ${found}`);
  return {
    state: (id: string) => of(id)?.state,
    /** Everything that is not well. */
    bad,
    /** Every finding of a state. */
    all: (wanted: string): readonly string[] =>
      checks.flatMap(({ id }) =>
        (bad(id) ?? []).filter((each) => each.startsWith(wanted)).map((each) => `${id}: ${each}`),
      ),
  };
}

/** How much the lab's tests do: `npm run test:lab`, or `test:lab:full`; single numbers by `LAB_PLANS`, `LAB_KILLS`. */
const full = process.env['LAB_FULL'] !== undefined;

const number = (name: string, small: number, large: number): number =>
  Number(process.env[name] ?? (full ? large : small));

export const size = {
  full,
  plans: number('LAB_PLANS', 5, 50),
  kills: number('LAB_KILLS', 5, 30),
  /** Where chance begins: told when something fails. */
  seed: number('LAB_CHANCE', 1, 1),
} as const;

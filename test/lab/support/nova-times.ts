import { z } from 'zod';
import { query } from './truth.ts';

/**
 * When Nova's migration records changed, in microseconds of this machine's clock: the records themselves have whole
 * seconds. A trigger in the lab's database writes it down.
 */

const Row = z.tuple([z.coerce.number(), z.string(), z.coerce.number()]);

/** Begins to write down when records change; what is written already stays. */
export async function noteNovaTimes(): Promise<void> {
  await query(`create table if not exists lab_times (
    id integer, status varchar(255), at datetime(6), index (id))`);
  const note = 'for each row insert into lab_times select new.id, new.status, utc_timestamp(6) from dual';
  await query(`create trigger if not exists lab_created after insert on migrations ${note}`);
  await query(
    `create trigger if not exists lab_changed after update on migrations ${note} where not (new.status <=> old.status)`,
  );
}

/** When each migration got each of its states, in milliseconds since 1970. */
export async function novaTimes(): Promise<Map<number, { readonly status: string; readonly at: number }[]>> {
  const rows = await query(
    `select id, status, timestampdiff(microsecond, '1970-01-01', at) / 1000 from lab_times order by at`,
  );
  const times = new Map<number, { status: string; at: number }[]>();
  for (const row of rows) {
    const [id, status, at] = Row.parse(row);
    times.set(id, [...(times.get(id) ?? []), { status, at }]);
  }
  return times;
}

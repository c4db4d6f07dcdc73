import type { CloudProbes, ReadProbe } from '../../model/probes.ts';
import { type Finding, ok, problem, unknown, warning } from '../check.ts';

/** What reads for a purpose came to. */
export function readsFor(purpose: ReadProbe['purpose'], { reads }: CloudProbes): readonly Finding[] {
  return reads.filter((read) => read.purpose === purpose).map(ofRead);
}

function ofRead({ call, called, outcome, policy, required, said = '' }: ReadProbe): Finding {
  const place = [`${called} ${call}`];
  switch (outcome) {
    case 'allowed':
      return ok([called], 'reads are allowed');
    case 'forbidden':
    case 'hidden': {
      const found = outcome === 'hidden' ? `answered without what ${policy} shows` : `refused by ${policy}`;
      const next = `use an administrator's credentials, or have ${policy} allowed for this user`;
      return required ? problem(place, found, next) : warning(place, found, next);
    }
    case 'fails': {
      const next = 'look into the log of the service';
      return required ? problem(place, said, next) : warning(place, said, next);
    }
    case 'not-tried':
      return unknown(place, said, 'look again when the rest is settled');
  }
}

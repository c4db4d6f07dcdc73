import { z } from 'zod';
import type { Facts } from '../facts.ts';
import { type Item, parseItems } from '../replies.ts';

const Image = z.looseObject({ id: z.string().min(1) });

/** Members of an image that are no properties of it. */
const own = new Set(
  `id name status visibility container_format disk_format size virtual_size min_disk min_ram tags protected owner
   checksum os_hash_algo os_hash_value os_hidden created_at updated_at file self schema locations direct_url stores`.split(
    /\s+/,
  ),
);

/**
 * `GET /v2/images`: properties as they are now. Nova goes by its own copy from when the server was made, which
 * may differ; these count only where no source tells that copy.
 */
export function readImages(items: readonly Item[]): Facts {
  const images = new Map(
    parseItems(Image, items).map((image) => [
      image.id,
      Object.fromEntries(
        Object.entries(image)
          .filter(([name, value]) => !own.has(name) && value !== null && typeof value !== 'object')
          .map(([name, value]) => [name, String(value)]),
      ),
    ]),
  );
  return { source: 'api:glance-images', images };
}

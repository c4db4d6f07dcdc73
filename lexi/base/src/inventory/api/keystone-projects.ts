import { z } from 'zod';
import type { Facts } from '../facts.ts';
import { type Item, parseItems } from '../replies.ts';

/** `GET /v3/projects`: only ids and names are kept. */
const Project = z.object({ id: z.string().min(1), name: z.string() });

export const readProjects = (items: readonly Item[]): Facts => ({
  source: 'api:keystone-projects',
  projects: new Map(parseItems(Project, items).map(({ id, name }) => [id, name])),
});

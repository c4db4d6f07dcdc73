import { z } from 'zod';
import { inventorySchema } from './document.ts';

/** The JSON Schema (2020-12) of inventories, made from the schema that reads them. */
export const inventoryJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(inventorySchema, {
    io: 'input',
    override: ({ jsonSchema, zodSchema }) => {
      if (zodSchema._zod.def.type !== 'object') return;
      // the schema itself takes any member and then refuses those that do not begin with x-
      jsonSchema.patternProperties = { '^x-': {} };
      jsonSchema.additionalProperties = false;
    },
  }),
  title: 'planner inventory, format version 1',
});

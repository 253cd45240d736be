import { z } from 'zod';
import { SINS_FIELDS, SINS_POINTS } from '../../../core';
import type { Worksheet, Worksheets } from '../../../ui';

/** Worksheets as a stored result holds them; what another version wrote and cannot be read is dropped. */
export function readWorksheets(state: unknown): Worksheets {
  const parsed = savedSchema.safeParse(state);
  return parsed.success ? parsed.data.worksheets : {};
}

const answersSchema = z
  .object(
    Object.fromEntries(
      SINS_FIELDS.map(field => [field, z.enum(Object.keys(SINS_POINTS[field]) as [string, ...string[]]).optional()])
    )
  )
  .strict();
const sectorSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);
const savedSchema = z.object({
  worksheets: z.record(
    z.string(),
    z.object({ answers: answersSchema as z.ZodType<Worksheet['answers']>, sectors: z.array(sectorSchema).optional() })
  ),
});

import * as v from 'valibot';

import { PhotoId } from './names.ts';
import { defineRecord } from './record.ts';

/** Longest guidance in UTF-16 units. */
export const MAX_GUIDANCE = 4000;
/** Most photos on either side. */
export const MAX_EXAMPLES = 12;

/** A zoo's own words on what makes a good photo, with examples and counter-examples (P6-09 … P6-11). */
const GuidanceSchema = v.object({
  v: v.literal(1),
  /** Plain text, a paragraph a line. */
  text: v.pipe(v.string(), v.maxLength(MAX_GUIDANCE)),
  good: v.pipe(v.array(PhotoId), v.maxLength(MAX_EXAMPLES)),
  bad: v.pipe(v.array(PhotoId), v.maxLength(MAX_EXAMPLES)),
});
export type Guidance = v.InferOutput<typeof GuidanceSchema>;
export const guidanceRecord = defineRecord('guidance', 1, GuidanceSchema);

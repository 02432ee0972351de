import * as v from 'valibot';

import { Count, DisplayName, LabelId, PhotoId, Score } from './names.ts';
import { defineRecord } from './record.ts';

/** One photo of a bulk identification with the model's best guesses: a line of the NDJSON. */
const IdentifiedSchema = v.object({
  /** Its place in the list of everything that was to be identified, from 0. */
  row: Count,
  file: v.string(),
  /** Its identity in the library; null for a file that is in none. */
  photo: v.nullable(PhotoId),
  /** Best first, at most three. */
  top: v.pipe(
    v.array(v.object({ class: LabelId, name: DisplayName, score: Score })),
    v.minLength(1),
    v.maxLength(3),
  ),
  /** Identity of the class; null below the threshold. */
  answer: v.nullable(LabelId),
  /** Full softmax in the order of the version's labels. */
  scores: v.array(v.number()),
});
export type Identified = v.InferOutput<typeof IdentifiedSchema>;
export const identifiedRecord = defineRecord('identified photo', 1, IdentifiedSchema);

import * as v from 'valibot';

import { ClassCountsSchema, DataSetOptionsSchema } from './dataset.ts';
import { defineRecord } from './record.ts';

/** What somebody planned to build of a library, and what it came to on the day of the export. */
const ExportedPlanSchema = v.object({
  v: v.literal(1),
  options: DataSetOptionsSchema,
  /** Every class, in the model or not; empty where the library contradicted itself. */
  classes: v.array(ClassCountsSchema),
});
export type ExportedPlan = v.InferOutput<typeof ExportedPlanSchema>;
export const exportedPlanRecord = defineRecord('plan', 1, ExportedPlanSchema);

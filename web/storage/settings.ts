import * as v from 'valibot';

import { DataSetOptionsSchema } from '#shared/schema/dataset.ts';
import { DisplayName, Instant, LabelId, Person } from '#shared/schema/names.ts';
import type { Database } from './db.ts';
import { ExportPlanSchema } from './export-plan.ts';
import { SavedFiltersSchema, type SavedFilter } from './saved-filters.ts';
import type { LibrarySchema } from './upgrades.ts';

/** A merge rule that was split: photos of its sub-classes that were labelled before want a second look (P1-57). */
const SplitCheckSchema = v.object({
  id: LabelId,
  name: DisplayName,
  subClasses: v.array(LabelId),
  /** When it was split. A photo whose label is newer has been looked at. */
  at: Instant,
});
export type SplitCheck = v.InferOutput<typeof SplitCheckSchema>;

/** A truth and what it is taken for. */
const LabelPairSchema = v.object({ truth: LabelId, predicted: LabelId });
export type LabelPair = v.InferOutput<typeof LabelPairSchema>;

/** Keys that a person chose for acts of the labelling room; what is not listed has its usual key. */
const PersonKeysSchema = v.object({
  by: Person,
  keys: v.pipe(
    v.array(
      v.object({
        action: v.pipe(v.string(), v.maxLength(40)),
        key: v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
      }),
    ),
    v.maxLength(100),
  ),
});
export type PersonKeys = v.InferOutput<typeof PersonKeysSchema>;

/** Small facts about this library, each with its schema and what holds until it is set. */
const SETTINGS = {
  person: { schema: Person, initial: '' },
  /** Files that come in are kept as they came, too. */
  keepOriginals: { schema: v.boolean(), initial: false },
  lastExportAt: { schema: v.nullable(Instant), initial: null },
  /** The export that is under way or was cut short. */
  exporting: { schema: v.nullable(ExportPlanSchema), initial: null },
  /** Nobody wants to be reminded of exporting before. */
  remindExportAt: { schema: v.nullable(Instant), initial: null },
  /** Edge of canonical images in pixels; null until the first photo settles it. */
  canonicalSize: {
    schema: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024))),
    initial: null,
  },
  /** What the planner builds with; null until somebody turns a knob. */
  plan: { schema: v.nullable(DataSetOptionsSchema), initial: null },
  keys: { schema: v.array(PersonKeysSchema), initial: [] as PersonKeys[] },
  filters: { schema: SavedFiltersSchema, initial: [] as SavedFilter[] },
  splitChecks: { schema: v.array(SplitCheckSchema), initial: [] as SplitCheck[] },
  dismissedPairs: { schema: v.array(LabelPairSchema), initial: [] as LabelPair[] },
} as const;

type Name = keyof typeof SETTINGS;
export type Setting<N extends Name> = v.InferOutput<(typeof SETTINGS)[N]['schema']>;

/** A setting that is damaged counts as not set. */
export async function readSetting<N extends Name>(db: Database<LibrarySchema>, name: N): Promise<Setting<N>> {
  const value = await db.read(['settings'], (tx) => tx.objectStore('settings').get(name));
  const { schema, initial } = SETTINGS[name];
  const result = v.safeParse(schema, value);
  return result.success ? result.output : initial;
}

export async function writeSetting<N extends Name>(
  db: Database<LibrarySchema>,
  name: N,
  value: Setting<N>,
): Promise<void> {
  await db.write(['settings'], (tx) => tx.objectStore('settings').put(value, name));
}

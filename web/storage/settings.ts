import * as v from 'valibot';

import { Instant, Person } from '#shared/schema/names.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Small facts about this library, each with its schema and what holds until it is set. */
const SETTINGS = {
  person: { schema: Person, initial: '' },
  lastExportAt: { schema: v.nullable(Instant), initial: null },
  /** Edge of canonical images in pixels; null until the first photo settles it. */
  canonicalSize: {
    schema: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024))),
    initial: null,
  },
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

/** Builds data sets to look at, off the page: the trainer's own function over the records of this library. */
import type { DataSetInput } from '#shared/dataset/input.ts';
import { buildDataSet } from '#shared/dataset/build.ts';
import { planDataSet, type Plan } from '#shared/dataset/plan.ts';
import type { DataSetOptions, Part } from '#shared/schema/dataset.ts';
import { openDatabase } from '../storage/db.ts';
import { readParts } from '../storage/parts.ts';
import { readAllPhotos } from '../storage/photos.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { serve } from './spawn.ts';

type Library = Omit<DataSetInput, 'options'>;

let kept: { readonly revision: number; readonly library: Promise<Library> } | null = null;

async function readLibrary(): Promise<Library> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  try {
    const [{ photos }, parts] = await Promise.all([readAllPhotos(db), readParts(db)]);
    return { photos, ...parts };
  } finally {
    db.close();
  }
}

async function fresh<T>(revision: number, build: (library: Library) => T): Promise<T> {
  if (kept?.revision !== revision) kept = { revision, library: readLibrary() };
  try {
    return build(await kept.library);
  } catch (cause) {
    kept = null;
    throw cause;
  }
}

const api = {
  /** @param revision changes when the library has; the same one builds from what was read before */
  plan: async (options: DataSetOptions, revision: number): Promise<Plan> =>
    fresh(revision, (library) => planDataSet({ ...library, options })),
  /** Ids of the photos in each part. */
  parts: async (options: DataSetOptions, revision: number): Promise<Record<Part, string[]>> =>
    fresh(revision, (library) => {
      const { training, validation, test } = buildDataSet({ ...library, options });
      const ids = (entries: typeof training): string[] => entries.map(({ photo }) => photo);
      return { training: ids(training), validation: ids(validation), test: ids(test) };
    }),
};
export type PlanApi = typeof api;

serve(api);

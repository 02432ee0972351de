import type { Pixels } from '#shared/image/pixels.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import { mapOrdered } from '../../library/ordered-map.ts';
import type { PipelineItem } from '../../pipeline/messages.ts';
import type { RunContext } from '../../run/context.ts';
import { flopOfRun } from '../../run/no-flop.ts';
import { loadPixels, pngPath, readPhotos } from '../../run/photos.ts';
import { settlePhases } from '../../run/settle-phases.ts';
import { findSmallPictures } from '../../run/small-pictures.ts';
import type { FeatureCache } from './feature-cache.ts';

/** Photos that go through the frozen network and into the cache together. */
const CHUNK = 32;

/** One part of a data set as training sees it. */
export interface PhotoSet {
  readonly photos: readonly PhotoId[];
  /** Hashes of their pixels, in the same order. */
  readonly pixels: readonly string[];
  /** Columns of their classes. */
  readonly labels: Int32Array;
  /** For the pipeline. */
  readonly items: readonly PipelineItem[];
  /** How a row's photo is called in messages: its file name, and its id since names come twice. */
  readonly nameOf: (row: number) => string;
}

/** What training learns from, and what chooses its best epoch. */
export interface TrainingSets {
  readonly training: PhotoSet;
  /** null where the data set has none. */
  readonly validation: PhotoSet | null;
}

/** The parts of a data set that training looks at. */
export async function photoSets(run: RunContext, dataSet: DataSet): Promise<TrainingSets> {
  const photos = new Map((await readPhotos(run.folder)).map((p) => [p.id, p]));
  const flop = new Set(await flopOfRun(run));
  const varied = settlePhases(run.options).some((phase) => phase.augmentation !== null);
  const learning = dataSet.training.flatMap((e) => photos.get(e.photo) ?? []);
  const small = varied ? await findSmallPictures(run, learning) : new Set<PhotoId>();
  const columns = new Map(dataSet.labels.map((label, i) => [label, i]));
  const setOf = (entries: DataSet['training']): PhotoSet => ({
    photos: entries.map((e) => e.photo),
    pixels: entries.map((e) => photos.get(e.photo)?.pixels ?? ''),
    labels: Int32Array.from(entries, (e) => columns.get(e.class) ?? -1),
    items: entries.map((e) => ({
      path: pngPath(run.folder, e.photo),
      flop: flop.has(e.class),
      zoomOut: !small.has(e.photo),
    })),
    nameOf: (row) => {
      const photo = photos.get(entries[row]?.photo ?? ('' as PhotoId));
      return photo ? `${photo.fileName} (${photo.id.slice(0, 8)})` : `row ${row}`;
    },
  });
  return {
    training: setOf(dataSet.training),
    validation: dataSet.validation.length > 0 ? setOf(dataSet.validation) : null,
  };
}

/** Sees to it that all photos of the sets are in the cache; what an earlier, killed run made is kept. */
export async function fillCache(
  run: RunContext,
  sets: readonly PhotoSet[],
  cache: FeatureCache,
  work: { readonly name: string; readonly compute: (images: readonly Pixels[]) => Promise<Float32Array> },
): Promise<void> {
  const all = sets.flatMap((set) => set.photos.map((photo, i) => ({ photo, pixels: set.pixels[i] ?? '' })));
  const missing = all.filter((p) => !cache.has(p.pixels));
  if (missing.length < all.length)
    run.log.say(`train: ${work.name} of ${all.length - missing.length} photos found in the cache`);
  let chunk: { pixels: string; image: Pixels }[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    await cache.add(
      chunk.map((c) => c.pixels),
      await work.compute(chunk.map((c) => c.image)),
    );
    done += chunk.length;
    chunk = [];
    run.log.progress(work.name, done, missing.length);
  };
  const load = async ({ photo, pixels }: (typeof missing)[number]): Promise<(typeof chunk)[number]> => ({
    pixels,
    image: await loadPixels(run.folder, photo),
  });
  for await (const loaded of mapOrdered(missing, load)) {
    chunk.push(loaded);
    if (chunk.length === CHUNK) await flush();
  }
  if (chunk.length > 0) await flush();
}

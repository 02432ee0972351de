import { join } from 'node:path';

import { joinClassifier } from '#shared/model/classifier.ts';
import { compileNetwork } from '#shared/model/compile.ts';
import { embedImages } from '#shared/model/infer.ts';
import { loadNetwork, type Network } from '#shared/model/network.ts';
import type { FeatureSet } from '#shared/model/training.ts';
import type { Backbone } from '#shared/model/zoo.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import { sha256 } from '../../io/hash.ts';
import { mapOrdered } from '../../library/ordered-map.ts';
import type { RunContext } from '../../run/context.ts';
import { loadPixels, readPhotos } from '../../run/photos.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';

/** Photos whose features are made and stored together. */
const CHUNK = 32;

/**
 * Features of the training and validation photos, from the cache or made now. The backbone runs in its compiled form,
 * which only predicts: nothing in it can drift (design §2.8), and it is the fast one.
 */
export async function featuresOf(
  run: RunContext,
  backbone: Backbone,
  dataSet: DataSet,
): Promise<{ training: FeatureSet; validation: FeatureSet | null }> {
  const pixels = new Map((await readPhotos(run.folder)).map((p) => [p.id, p.pixels]));
  const wanted = [...dataSet.training, ...dataSet.validation].map((e) => e.photo);
  const { network, fingerprint } = await compiledBackbone(backbone);
  try {
    const cache = await openFeatureCache(
      join(run.folder.model, `features-${fingerprint.slice(0, 16)}.bin`),
      network.features,
    );
    await fill(run, network, cache, wanted, pixels);
    const setOf = (entries: DataSet['training']): FeatureSet =>
      collect(entries, dataSet.labels, (id) => cache.get(pixels.get(id) ?? ''));
    return {
      training: setOf(dataSet.training),
      validation: dataSet.validation.length > 0 ? setOf(dataSet.validation) : null,
    };
  } finally {
    network.dispose();
  }
}

async function fill(
  run: RunContext,
  network: Network,
  cache: FeatureCache,
  wanted: readonly PhotoId[],
  pixels: ReadonlyMap<PhotoId, string>,
): Promise<void> {
  const missing = wanted.filter((id) => !cache.get(pixels.get(id) ?? ''));
  if (missing.length < wanted.length)
    run.log.say(`train: features of ${wanted.length - missing.length} photos found in the cache`);
  let chunk: { id: PhotoId; image: Awaited<ReturnType<typeof loadPixels>> }[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    const values = await embedImages(
      network,
      chunk.map((c) => c.image),
    );
    const dims = network.features;
    await cache.add(
      chunk.map(({ id }, i) => ({
        pixels: pixels.get(id) ?? '',
        values: values.slice(i * dims, (i + 1) * dims),
      })),
    );
    done += chunk.length;
    run.log.progress('features', done, missing.length);
    chunk = [];
  };
  const load = async (id: PhotoId): Promise<(typeof chunk)[number]> => ({
    id,
    image: await loadPixels(run.folder, id),
  });
  for await (const loaded of mapOrdered(missing, load)) {
    chunk.push(loaded);
    if (chunk.length === CHUNK) await flush();
  }
  if (chunk.length > 0) await flush();
}

/** The backbone as a compiled network; the two classes of its empty head are never looked at. */
async function compiledBackbone(backbone: Backbone): Promise<{ network: Network; fingerprint: string }> {
  const dims = backbone.features;
  const head = { dims, classes: 2, kernel: new Float32Array(dims * 2), bias: new Float32Array(2) };
  const model = joinClassifier({ backbone, head });
  try {
    const { file, weights } = await compileNetwork(model, backbone.preprocessing);
    const fingerprint = sha256(
      new TextEncoder().encode(JSON.stringify([file.preprocessing, file.ops, sha256(weights)])),
    );
    return { network: loadNetwork(file, weights.buffer), fingerprint };
  } finally {
    model.dispose();
  }
}

function collect(
  entries: DataSet['training'],
  labels: DataSet['labels'],
  find: (id: PhotoId) => Float32Array | undefined,
): FeatureSet {
  const column = new Map(labels.map((label, i) => [label, i]));
  const rows = entries.map((e) => find(e.photo) ?? new Float32Array());
  const dims = rows[0]?.length ?? 0;
  const features = new Float32Array(rows.length * dims);
  rows.forEach((row, i) => {
    features.set(row, i * dims);
  });
  return { features, labels: Int32Array.from(entries, (e) => column.get(e.class) ?? -1) };
}

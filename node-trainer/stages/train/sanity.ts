import type { CompiledNetwork } from '#shared/model/compile.ts';
import { scoreImages } from '#shared/model/infer.ts';
import { TrainingFailed } from '#shared/model/learn/failed.ts';
import { loadNetwork } from '#shared/model/network.ts';
import type { DataSet } from '#shared/schema/dataset.ts';

import type { RunContext } from '../../run/context.ts';
import { loadPixels } from '../../run/photos.ts';

/** Photos that are looked at, spread over the data set and so over the classes. */
const LOOKED_AT = 24;
/** Scores that differ by less are the same. */
const SAME = 1e-6;

/**
 * A last look at the network that guests would download: does it say different things of different photos? A network
 * whose units have all died does not, and its loss is a perfectly good number.
 * @throws TrainingFailed where it says the same of all
 */
export async function refuseConstant(
  run: RunContext,
  dataSet: DataSet,
  compiled: CompiledNetwork,
): Promise<void> {
  const { training } = dataSet;
  const step = Math.max(1, Math.floor(training.length / LOOKED_AT));
  const some = training.filter((_, i) => i % step === 0).slice(0, LOOKED_AT);
  const network = loadNetwork(compiled.file, compiled.weights.buffer);
  try {
    const images = await Promise.all(some.map((entry) => loadPixels(run.folder, entry.photo)));
    const scores = await scoreImages(network, images);
    const { classes } = network;
    const differs = scores.some((score, i) => !(Math.abs(score - (scores[i % classes] ?? 0)) < SAME));
    if (differs) return;
  } finally {
    network.dispose();
  }
  throw new TrainingFailed(
    `The trained network says the same of all ${some.length} photos that were tried, so it has learnt nothing. ` +
      'What was published before is untouched. Try a lower --learning-rate or another --seed.',
  );
}

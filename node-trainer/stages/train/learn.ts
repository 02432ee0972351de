import { trainHead, type TrainedHead } from '#shared/model/head.ts';
import type { Epoch, FeatureSet } from '#shared/model/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { TrainingFacts } from '../../run/model-files.ts';

/** The loss stopped being a number: nothing after that can be trusted. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

export interface Learned extends Pick<TrainedHead, 'head' | 'bestEpoch'> {
  readonly history: TrainingFacts['history'];
}

/**
 * Trains the head on cached features, logging every epoch.
 * @throws TrainingFailed as soon as a loss is no number
 */
export async function learn(
  run: RunContext,
  data: { readonly training: FeatureSet; readonly validation: FeatureSet | null },
  classes: number,
): Promise<Learned> {
  const { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed } = run.options;
  const { head, history, bestEpoch } = await trainHead({
    ...data.training,
    validation: data.validation,
    classes,
    options: { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed },
    onEpoch: (epoch) => {
      refuseNaN(epoch);
      run.log.note(describe(epoch));
      run.log.progress('epoch', epoch.epoch, epochs);
    },
  });
  const best = history[bestEpoch - 1];
  if (best) run.log.say(`train: best of ${history.length} epochs: ${describe(best)}`);
  return { head, bestEpoch, history: history.map((epoch) => ({ phase: 'head', ...epoch })) };
}

function refuseNaN({ epoch, loss, validationLoss }: Epoch): void {
  if (Number.isFinite(loss) && (validationLoss === null || Number.isFinite(validationLoss))) return;
  throw new TrainingFailed(
    `The loss is no number any more in epoch ${epoch}. Nothing of this training is kept; what was trained and ` +
      'published before is untouched. Try a lower --learning-rate.',
  );
}

function describe({ epoch, loss, accuracy, validationLoss, validationAccuracy }: Epoch): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const seen =
    validationLoss === null || validationAccuracy === null
      ? ''
      : `; validation: loss ${validationLoss.toFixed(4)}, ${percent(validationAccuracy)} right`;
  return `epoch ${epoch}: loss ${loss.toFixed(4)}, ${percent(accuracy)} right${seen}`;
}

import { trainHead, type TrainedHead } from '#shared/model/head.ts';
import type { Epoch } from '#shared/model/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { TrainingFacts } from '../../run/model-files.ts';
import type { HeadData } from './features.ts';

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
export async function learnHead(
  run: RunContext,
  { training, validation }: Omit<HeadData, 'fingerprint'>,
  classes: number,
): Promise<Learned> {
  const { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed } = run.options;
  const { head, history, bestEpoch } = await trainHead({
    ...training,
    validation,
    classes,
    options: { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed },
    onEpoch: (epoch) => {
      logEpoch(run, 'epoch', epoch, epochs);
    },
  });
  const best = history[bestEpoch - 1];
  if (best) run.log.say(`train: head: best of ${history.length} epochs: ${describe(best)}`);
  return { head, bestEpoch, history: history.map((epoch) => ({ phase: 'head' as const, ...epoch })) };
}

/** @throws TrainingFailed where a loss is no number */
export function logEpoch(run: RunContext, what: 'epoch' | 'top', epoch: Epoch, epochs: number): void {
  refuseNaN(epoch);
  run.log.note(`${what === 'top' ? 'top: ' : ''}${describe(epoch)}`);
  run.log.progress(what, epoch.epoch, epochs);
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

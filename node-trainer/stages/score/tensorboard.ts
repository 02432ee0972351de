import { join } from 'node:path';

import { phasesOf } from '#shared/metrics/training-curves.ts';
import type { TrainingFacts } from '#shared/schema/training.ts';

import { writeAtomic } from '../../io/atomic.ts';
import { eventFile, type Scalar } from '../../io/event-file.ts';
import type { RunFolder } from '../../run/run-folder.ts';

const FOLDER = 'report/tensorboard';

/**
 * Writes the curves of a training as TensorBoard event files: one "run" for training and one for validation, so that
 * both are drawn into the same picture, with the phases as groups (`tensorboard --logdir <run>/report/tensorboard`).
 * @param endedAt when the training ended, ISO 8601: the file's name and times come from it, so repeating it changes nothing
 * @returns paths relative to the run folder
 */
export async function writeTensorBoard(
  folder: RunFolder,
  training: TrainingFacts,
  endedAt: string,
): Promise<string[]> {
  const end = Math.floor(Date.parse(endedAt) / 1000);
  const written: string[] = [];
  for (const name of ['training', 'validation']) {
    const scalars = scalarsOf(training, name, end);
    if (scalars.length === 0) continue;
    const path = `${FOLDER}/${name}/events.out.tfevents.${end}.menagerie`;
    await writeAtomic(join(folder.root, path), eventFile(scalars));
    written.push(path);
  }
  return written;
}

function scalarsOf(training: TrainingFacts, part: string, end: number): Scalar[] {
  return phasesOf(training).flatMap((phase): Scalar[] => {
    const curves = [
      ...phase.loss.map((curve) => ({ ...curve, of: 'loss' })),
      ...phase.accuracy.map((curve) => ({ ...curve, of: 'accuracy' })),
      { name: 'training', points: phase.learningRate, of: 'learning rate' },
    ];
    return curves
      .filter((curve) => curve.name === part)
      .flatMap(({ points, of }) =>
        points.map(({ epoch, value }) => ({
          tag: `${phase.name}/${of}`,
          step: epoch,
          value: of === 'accuracy' ? value / 100 : value,
          wallTime: end,
        })),
      );
  });
}

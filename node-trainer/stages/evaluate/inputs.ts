import { readCompiled, readTrainingFacts } from '../../run/model-files.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import type { Candidate } from '../../run/score-photos.ts';
import { outputsOf } from '../../run/stage.ts';

/** What an evaluation depends on; the same for a whole one and for its shards. */
export interface EvaluationInputs {
  /** Hash over the data set: which photo is which row. */
  readonly build: string;
  /** Hash over the model. */
  readonly train: string;
}

export async function evaluationInputs(folder: RunFolder): Promise<EvaluationInputs> {
  return { build: await outputsOf(folder, 'build'), train: await outputsOf(folder, 'train') };
}

/** A run's own model. */
export async function ownCandidate(folder: RunFolder): Promise<Candidate> {
  const { labels } = await readTrainingFacts(folder);
  return { model: 'run', labels, ...(await readCompiled(folder)) };
}

import type { RunContext, StageResult } from '../run/context.ts';
import { evaluationRows } from '../run/evaluation-rows.ts';
import { readCompiled, readTrainingFacts } from '../run/model-files.ts';
import { readDataSet } from '../run/photos.ts';
import { MATRIX, scorePhotos } from '../run/score-photos.ts';
import { outputsOf, performStage } from '../run/stage.ts';

/**
 * Scores every photo of every set with the network that guests will download, and writes the full softmax matrix
 * (P5-20 … P5-22).
 */
export async function evaluate(run: RunContext): Promise<StageResult> {
  const { folder } = run;
  return performStage(run, {
    name: 'evaluate',
    inputs: { build: await outputsOf(folder, 'build'), train: await outputsOf(folder, 'train') },
    work: async () => {
      const { labels } = await readTrainingFacts(folder);
      const candidate = { model: 'run', labels, ...(await readCompiled(folder)) };
      const rows = evaluationRows(await readDataSet(folder));
      const index = await scorePhotos(run, candidate, { rows, folder: folder.scores });
      const result = {
        images: index.rows,
        unreadable: index.unreadable.length,
        sets: index.sets.length,
        classes: index.labels.length,
        engine: index.speed?.engine ?? null,
        imagesPerSecond: index.speed?.imagesPerSecond ?? null,
        msPerImage: index.speed?.msPerImage ?? null,
      };
      return { outputs: [`scores/${MATRIX}`, 'scores/index.json'], result };
    },
  });
}

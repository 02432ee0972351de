import type { RunContext, StageResult } from '../run/context.ts';
import { evaluationRows } from '../run/evaluation-rows.ts';
import { readDataSet } from '../run/photos.ts';
import { MATRIX, scorePhotos } from '../run/score-photos.ts';
import { performStage } from '../run/stage.ts';
import { evaluationInputs, ownCandidate } from './evaluate/inputs.ts';

/**
 * Scores every photo of every set with the network that guests will download, and writes the full softmax matrix
 * (P5-20 … P5-22).
 */
export async function evaluate(run: RunContext): Promise<StageResult> {
  const { folder } = run;
  return performStage(run, {
    name: 'evaluate',
    inputs: { ...(await evaluationInputs(folder)) },
    work: async () => {
      const candidate = await ownCandidate(folder);
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

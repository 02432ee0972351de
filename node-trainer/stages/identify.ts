import { join } from 'node:path';

import { loadNetwork } from '#shared/model/network.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { startEngine } from '../engines/engine.ts';
import type { Problem } from '../library/problem.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { identifyAll } from '../run/identify-all.ts';
import { loadOrTell } from '../run/identify-source.ts';
import { writeTables } from '../run/identify-table.ts';
import { readCompiled, readTrainingFacts } from '../run/model-files.ts';
import { loadPixels, readDataSet, readPhotos } from '../run/photos.ts';
import { outputsOf, performStage } from '../run/stage.ts';

/**
 * Lets the new model guess what nobody has named yet: photos without a label or under an unknown label (P5-38), in the
 * order of the photos. A photo that can't be read is named and passed over.
 */
export async function identify(run: RunContext): Promise<StageResult> {
  const { folder, log } = run;
  return performStage(run, {
    name: 'identify',
    inputs: {
      build: await outputsOf(folder, 'build'),
      train: await outputsOf(folder, 'train'),
      threshold: run.options.threshold,
    },
    work: async () => {
      const unnamed = new Set(unnamedIn(await readDataSet(folder)));
      const photos = (await readPhotos(folder)).filter((photo) => unnamed.has(photo.id));
      const { labels } = await readTrainingFacts(folder);
      await startEngine(run.options.engine);
      const { file, weights } = await readCompiled(folder);
      const network = loadNetwork(file, weights);
      const problems: Problem[] = [];
      try {
        const { rows, answers } = await writeTables(
          identifyAll<Photo>({
            network,
            labels,
            threshold: run.options.threshold,
            items: photos,
            nameOf: (photo) => ({ file: photo.fileName, photo: photo.id }),
            load: (photo) =>
              loadOrTell({ file: photo.fileName, load: () => loadPixels(folder, photo.id) }, (problem) =>
                problems.push(problem),
              ),
            onProgress: (done, total) => {
              log.progress('identify', done, total);
            },
          }),
          [
            { path: join(folder.identify, 'identify.csv'), format: 'csv' },
            { path: join(folder.identify, 'identify.ndjson'), format: 'ndjson' },
          ],
        );
        for (const problem of problems) log.warn(`left out: ${problem.file}: ${problem.message}`);
        const outputs = ['identify/identify.csv', 'identify/identify.ndjson'];
        return { outputs, result: { photos: rows, answers, leftOut: problems.length } };
      } finally {
        network.dispose();
      }
    },
  });
}

/** Photos that nobody has named yet. */
function unnamedIn({ leftOut }: DataSet): PhotoId[] {
  return leftOut.filter((l) => l.reason === 'unlabelled' || l.reason === 'unknown-label').map((l) => l.photo);
}

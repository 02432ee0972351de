import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { npyHeader } from '#shared/archive/npy.ts';
import { loadNetwork, type Network } from '#shared/model/network.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import type { LabelId, PhotoId } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

import { startEngine } from '../engines/engine.ts';
import { writeAtomic } from '../io/atomic.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { readCompiled } from '../run/model-files.ts';
import { scoreAll } from '../run/network.ts';
import { loadPixels, readDataSet } from '../run/photos.ts';
import { outputsOf, performStage } from '../run/stage.ts';

const MATRIX = 'scores.npy';

interface Row {
  readonly photo: PhotoId;
  readonly truth: LabelId | null;
}

/**
 * Scores every photo of every set with the network that guests will download, and writes the full softmax matrix
 * (P5-20 … P5-22). Rows are streamed to disk: memory doesn't grow with the library.
 */
export async function evaluate(run: RunContext): Promise<StageResult> {
  const { folder } = run;
  return performStage(run, {
    name: 'evaluate',
    inputs: { build: await outputsOf(folder, 'build'), train: await outputsOf(folder, 'train') },
    work: async () => {
      const engine = await startEngine(run.options.engine);
      const dataSet = await readDataSet(folder);
      const { sets, items } = rowsOf(dataSet);
      const { file, weights } = await readCompiled(folder);
      const network = loadNetwork(file, weights);
      try {
        const sha256 = await writeMatrix(run, network, items);
        const index: ScoresIndex = {
          v: 1,
          model: 'run',
          labels: dataSet.labels,
          file: MATRIX,
          sha256,
          rows: items.length,
          sets,
          items: items.map(({ photo, truth }) => ({ photo, truth })),
        };
        await writeAtomic(join(folder.scores, 'index.json'), `${JSON.stringify(index)}\n`);
      } finally {
        network.dispose();
      }
      const result = {
        images: items.length,
        sets: sets.length,
        classes: dataSet.labels.length,
        engine: engine.name,
      };
      return { outputs: [`scores/${MATRIX}`, 'scores/index.json'], result };
    },
  });
}

/** Training, validation, test, then each benchmark; a benchmark's name is its id behind `benchmark:`. */
function rowsOf(dataSet: DataSet): { sets: ScoresIndex['sets']; items: Row[] } {
  const sets: ScoresIndex['sets'] = [];
  const items: Row[] = [];
  const add = (name: string, rows: readonly { photo: PhotoId; class: LabelId | null }[]): void => {
    sets.push({ name, from: items.length, to: items.length + rows.length });
    for (const row of rows) items.push({ photo: row.photo, truth: row.class });
  };
  add('training', dataSet.training);
  add('validation', dataSet.validation);
  add('test', dataSet.test);
  for (const benchmark of dataSet.benchmarks) add(`benchmark:${benchmark.id}`, benchmark.items);
  return { sets, items };
}

/** Writes the matrix aside, then moves it into place. @returns its SHA-256 */
async function writeMatrix(run: RunContext, network: Network, items: readonly Row[]): Promise<string> {
  const path = join(run.folder.scores, MATRIX);
  const file = await open(`${path}.part`, 'w');
  const hash = createHash('sha256');
  const put = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    await file.writeFile(bytes);
  };
  try {
    await put(npyHeader(items.length, network.classes));
    let done = 0;
    for await (const { scores } of scoreAll(network, items, (row) => loadPixels(run.folder, row.photo))) {
      await put(littleEndian(scores));
      run.log.progress('evaluate', ++done, items.length);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
  return hash.digest('hex');
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

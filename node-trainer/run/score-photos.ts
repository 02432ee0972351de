import { join } from 'node:path';

import { loadNetwork } from '#shared/model/network.ts';
import type { CompiledFile } from '#shared/model/compiled-format.ts';
import type { LabelId } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

import { startEngine } from '../engines/engine.ts';
import { writeAtomic } from '../io/atomic.ts';
import { sha256File } from '../io/hash.ts';
import type { JudgedRun } from './context.ts';
import { type EvaluationRow, setNames, setRanges } from './evaluation-rows.ts';
import { loadPixels, readDataSet } from './photos.ts';
import { writeMatrix } from './score-matrix.ts';
import { msPerImage } from './speed.ts';

/** Name of the matrix beside its index. */
export const MATRIX = 'scores.npy';

/** The model that is to look at the photos of a run. */
export interface Candidate {
  /** `run`, or the folder name of a published version. */
  readonly model: string;
  /** In the order of the network's outputs. */
  readonly labels: readonly { readonly id: LabelId; readonly name: string }[];
  readonly file: CompiledFile;
  readonly weights: ArrayBuffer;
}

/**
 * Scores photos of a run with a model and writes matrix and index into a folder, the index last. Photos that can't be
 * read are named in the log and in the index, and have no row.
 */
export async function scorePhotos(
  run: JudgedRun,
  candidate: Candidate,
  { rows, folder }: { readonly rows: readonly EvaluationRow[]; readonly folder: string },
): Promise<ScoresIndex> {
  const engine = await startEngine(run.options.engine);
  const network = loadNetwork(candidate.file, candidate.weights);
  const path = join(folder, MATRIX);
  try {
    const written = await writeMatrix({
      network,
      items: rows,
      load: (row) => loadPixels(run.folder, row.photo),
      path,
      onProgress: (done, total) => {
        run.log.progress('evaluate', done, total);
      },
    });
    for (const { item, message } of written.unreadable)
      run.log.warn(`not scored, the picture can't be read: ${item.photo} (${item.set}): ${message}`);
    const sample = written.rows[0];
    const alone = sample ? await msPerImage(network, await loadPixels(run.folder, sample.photo)) : 0;
    const index: ScoresIndex = {
      v: 2,
      model: candidate.model,
      labels: candidate.labels.map((label) => label.id),
      names: candidate.labels.map((label) => label.name),
      file: MATRIX,
      sha256: await sha256File(path),
      rows: written.rows.length,
      sets: setRanges(setNames(await readDataSet(run.folder)), written.rows),
      items: written.rows.map(({ photo, truth }) => ({ photo, truth })),
      unreadable: written.unreadable.map(({ item, message }) => ({
        photo: item.photo,
        set: item.set,
        message: message.slice(0, 1000),
      })),
      speed: sample
        ? {
            engine: engine.name,
            imagesPerSecond: round(written.rows.length / written.seconds),
            msPerImage: round(alone),
          }
        : null,
    };
    await writeAtomic(join(folder, 'index.json'), `${JSON.stringify(index)}\n`);
    return index;
  } finally {
    network.dispose();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

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
import { type MatrixWritten, writeMatrix } from './score-matrix.ts';
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
    const index = scoresIndex(candidate, {
      ...written,
      sha256: await sha256File(path),
      sets: setRanges(setNames(await readDataSet(run.folder)), written.rows),
      speed: sample
        ? {
            engine: engine.name,
            imagesPerSecond: round(written.rows.length / written.seconds),
            msPerImage: round(alone),
          }
        : null,
    });
    await writeAtomic(join(folder, 'index.json'), `${JSON.stringify(index)}\n`);
    return index;
  } finally {
    network.dispose();
  }
}

/** The index of a matrix, whoever wrote its rows. */
export function scoresIndex(
  { model, labels }: Candidate,
  written: Pick<MatrixWritten<EvaluationRow>, 'rows' | 'unreadable'> &
    Pick<ScoresIndex, 'sha256' | 'sets' | 'speed'>,
): ScoresIndex {
  const { rows, unreadable, sha256, sets, speed } = written;
  return {
    v: 2,
    model,
    labels: labels.map((label) => label.id),
    names: labels.map((label) => label.name),
    file: MATRIX,
    sha256,
    rows: rows.length,
    sets,
    items: rows.map(({ photo, truth }) => ({ photo, truth })),
    unreadable: unreadable.map(({ item, message }) => ({
      photo: item.photo,
      set: item.set,
      message: message.slice(0, 1000),
    })),
    speed,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

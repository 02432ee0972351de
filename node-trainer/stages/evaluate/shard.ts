import { join } from 'node:path';

import { loadNetwork } from '#shared/model/network.ts';
import type { Part } from '#shared/schema/part.ts';

import { startEngine } from '../../engines/engine.ts';
import { openStore } from '../../io/store.ts';
import type { RunContext } from '../../run/context.ts';
import { evaluationRows } from '../../run/evaluation-rows.ts';
import { performPart } from '../../run/parts.ts';
import { loadPixels, readDataSet } from '../../run/photos.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { writeMatrix } from '../../run/score-matrix.ts';
import type { Rows, Shard } from '../../run/shard.ts';
import { evaluationInputs, ownCandidate } from './inputs.ts';

/** Where parts lie unless a place is named. */
export function partsFolder(folder: RunFolder): string {
  return join(folder.scores, 'parts');
}

/**
 * Scores one shard of a run's photos: its rows of the softmax matrix, with a manifest. What is there already is kept.
 * @param place folder or `s3://…` prefix of the parts
 */
export async function evaluateShard(
  run: RunContext,
  shard: Shard,
  place: string,
): Promise<{ readonly part: Part; readonly kept: boolean }> {
  const { build, train } = await evaluationInputs(run.folder);
  const rows = evaluationRows(await readDataSet(run.folder)).map((item, row) => ({ ...item, row }));
  const write = async (
    path: string,
    { from, to }: Rows,
  ): Promise<Pick<Part, 'rows' | 'leftOut' | 'engine'>> => {
    const { file, weights } = await ownCandidate(run.folder);
    const engine = await startEngine(run.options.engine);
    const network = loadNetwork(file, weights);
    try {
      const written = await writeMatrix({
        network,
        items: rows.slice(from, to),
        load: (item) => loadPixels(run.folder, item.photo),
        path,
        onProgress: (done, total) => {
          run.log.progress('evaluate', done, total);
        },
      });
      const leftOut = written.unreadable.map(({ item, message }) => ({
        row: item.row,
        file: item.photo,
        code: 'unreadable',
        message: message.slice(0, 1000),
      }));
      return { rows: written.rows.length, leftOut, engine: engine.name };
    } finally {
      network.dispose();
    }
  };
  return performPart(openStore(place), {
    work: 'evaluate',
    model: { version: null, sha256: train },
    threshold: null,
    input: { rows: rows.length, sha256: build },
    shard,
    ending: 'npy',
    write,
  });
}

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

import { npyHeader, type NpyShape, readNpyHeader } from '#shared/archive/npy.ts';
import type { Part } from '#shared/schema/part.ts';

import { replaceFile, writeAtomic } from '../../io/atomic.ts';
import { sha256File } from '../../io/hash.ts';
import { type FileStore, openStore } from '../../io/store.ts';
import type { RunContext, StageResult } from '../../run/context.ts';
import { evaluationRows, setNames, setRanges } from '../../run/evaluation-rows.ts';
import { MergeRefused, wholeSet } from '../../run/merge-check.ts';
import { readDataSet } from '../../run/photos.ts';
import { MATRIX, scoresIndex } from '../../run/score-photos.ts';
import { performStage } from '../../run/stage.ts';
import { evaluationInputs, ownCandidate } from './inputs.ts';

/**
 * Makes the stage `evaluate` of its parts: the same matrix as one machine would have written, after every part was
 * checked.
 * @param place folder or `s3://…` prefix of the parts
 * @throws MergeRefused naming every problem; then nothing is written
 */
export async function mergeEvaluation(run: RunContext, place: string): Promise<StageResult> {
  const { folder } = run;
  const inputs = await evaluationInputs(folder);
  return performStage(run, {
    name: 'evaluate',
    inputs: { ...inputs },
    work: async () => {
      const store = openStore(place);
      const parts = await wholeSet(store, 'evaluate');
      const [{ model, input }] = parts;
      if (model.sha256 !== inputs.train || input.sha256 !== inputs.build)
        throw new MergeRefused(place, [`the parts are not of the model and data set in ${folder.root}`]);
      const candidate = await ownCandidate(folder);
      await joinMatrices(store, parts, candidate.labels.length, join(folder.scores, MATRIX));
      const unreadable = new Map(parts.flatMap((p) => p.leftOut.map((l) => [l.row, l.message] as const)));
      const dataSet = await readDataSet(folder);
      const all = evaluationRows(dataSet);
      const rows = all.filter((_, row) => !unreadable.has(row));
      const index = scoresIndex(candidate, {
        rows,
        sha256: await sha256File(join(folder.scores, MATRIX)),
        sets: setRanges(setNames(dataSet), rows),
        unreadable: all.flatMap((item, row) => {
          const message = unreadable.get(row);
          return message === undefined ? [] : [{ item, message }];
        }),
        speed: null,
      });
      await writeAtomic(join(folder.scores, 'index.json'), `${JSON.stringify(index)}\n`);
      const result = {
        images: index.rows,
        unreadable: index.unreadable.length,
        sets: index.sets.length,
        classes: index.labels.length,
        engine: [...new Set(parts.filter((p) => p.rows > 0).map((p) => p.engine))].join(', '),
        parts: parts.length,
      };
      return { outputs: [`scores/${MATRIX}`, 'scores/index.json'], result };
    },
  });
}

async function joinMatrices(
  store: FileStore,
  parts: readonly Part[],
  columns: number,
  path: string,
): Promise<void> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  await replaceFile(path, async (aside) => {
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(npyHeader(rows, columns));
      for (const part of parts) await appendValues(file, store, part, columns);
    } finally {
      await file.close();
    }
  });
}

async function appendValues(file: FileHandle, store: FileStore, part: Part, columns: number): Promise<void> {
  let head = new Uint8Array(0);
  let shape: NpyShape | null = null;
  for await (const piece of await store.get(part.file.name)) {
    if (shape) {
      await file.writeFile(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < npyHeader(part.rows, columns).length) continue;
    shape = readNpyHeader(head);
    await file.writeFile(head.subarray(shape.offset));
  }
  const expected = shape && shape.offset + part.rows * columns * 4;
  if (shape?.rows !== part.rows || shape.columns !== columns || expected !== part.file.bytes)
    throw new MergeRefused(store.place, [`${part.file.name} does not hold ${part.rows} × ${columns} scores`]);
}

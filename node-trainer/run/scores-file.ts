import { type FileHandle, open, readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';

import { NpyError, readNpyHeader } from '#shared/archive/npy.ts';
import { fitsIndex, truthsOf } from '#shared/metrics/score-index.ts';
import { type ScoreTable, scoreTable } from '#shared/metrics/score-table.ts';
import { parseJson } from '#shared/schema/json.ts';
import { type ScoresIndex, scoresRecord } from '#shared/schema/scores.ts';

/** Scores held in memory at a time: 4 MiB of float32, however large the matrix is. */
const PIECE = 2 ** 20;
const HEADER = 2 ** 10;

/** A row range of the matrix, as the index has it. */
export type RowRange = Pick<ScoresIndex['sets'][number], 'from' | 'to'>;

/** A softmax matrix on the disk, read piece by piece. */
export interface Scores {
  readonly index: ScoresIndex;
  /** Columns of the true classes of all rows; `OUT_OF_SCOPE` also for a class that the model does not know. */
  readonly truths: Int32Array;
  /** The checked rows of a range in order. A piece is valid until the next one is asked for. */
  readonly pieces: (range: RowRange) => AsyncGenerator<ScoreTable>;
  readonly row: (row: number) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the scores in a folder.
 * @throws RecordError, JsonError for the index; NpyError where the matrix does not fit it
 */
export async function openScores(folder: string): Promise<Scores> {
  const index = await readScoresIndex(folder);
  const path = join(folder, index.file);
  const file = await open(path, 'r');
  try {
    return scoresIn(file, index, await offsetIn(file, path, index));
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function readScoresIndex(folder: string): Promise<ScoresIndex> {
  const path = join(folder, 'index.json');
  return scoresRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

function scoresIn(file: FileHandle, index: ScoresIndex, offset: number): Scores {
  const classes = index.labels.length;
  const truths = truthsOf(index);
  const read = (values: Float32Array, row: number): Promise<void> =>
    readFloats(file, values, offset + row * classes * 4);
  const pieces = async function* ({ from, to }: RowRange): AsyncGenerator<ScoreTable> {
    const rows = Math.max(1, Math.floor(PIECE / classes));
    const buffer = new Float32Array(Math.min(rows, to - from) * classes);
    for (let row = from; row < to; row += rows) {
      const end = Math.min(to, row + rows);
      const values = buffer.subarray(0, (end - row) * classes);
      await read(values, row);
      yield scoreTable(classes, values, truths.subarray(row, end), row);
    }
  };
  const row = async (at: number): Promise<Float32Array> => {
    const values = new Float32Array(classes);
    await read(values, at);
    return values;
  };
  return { index, truths, pieces, row, close: () => file.close() };
}

/** Where the values begin. */
async function offsetIn(file: FileHandle, path: string, index: ScoresIndex): Promise<number> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(HEADER), 0, HEADER, 0);
  const { rows, columns, offset } = readNpyHeader(buffer.subarray(0, bytesRead));
  const { size } = await file.stat();
  if (!fitsIndex(index, { rows, columns, offset, bytes: size }))
    throw new NpyError(`${path} does not fit its index: ${rows} × ${columns} scores in ${size} bytes`);
  return offset;
}

async function readFloats(file: FileHandle, values: Float32Array, at: number): Promise<void> {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
    if (bytesRead === 0) throw new NpyError('the matrix of scores was cut while it was being read');
    done += bytesRead;
  }
  if (endianness() === 'BE') bytes.swap32();
}

/** A score matrix of any size → what its rows come to. Only some megabytes of it are in memory at a time. */
import { readNpyHeader } from '#shared/archive/npy.ts';
import { joinOutcomes, type Outcomes, outcomesOf } from '#shared/metrics/outcomes.ts';
import { packPhotoIds } from '#shared/metrics/photo-ids.ts';
import { fitsIndex, truthsOf } from '#shared/metrics/score-index.ts';
import { scoreTable } from '#shared/metrics/score-table.ts';
import { emptyTopFive, noteTopFive, type TopFive } from '#shared/metrics/top-five.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';
import { WholeBytes } from '../storage/whole-bytes.ts';

/** Rows are looked at in pieces of about this size, in bytes. */
const PIECE = 4 << 20;
/** Magic number, version and length of a numpy header; what follows is as long as that says. */
const HEADER_START = 10;

/** A matrix is not what it should be. The message is for people. */
export class ScoresRefused extends Error {
  override readonly name = 'ScoresRefused';
}

/** What stays of a matrix: about a hundred bytes a row, however many classes there are. */
export interface ReadScores {
  readonly index: Omit<ScoresIndex, 'items'>;
  /** Packed ids of the photos, a row each. */
  readonly photos: Uint8Array;
  readonly outcomes: Outcomes;
  readonly top: TopFive;
}

/**
 * Reads a matrix to its end.
 * @param parts the file's bytes in order
 * @param bytes how many there are
 * @throws ScoresRefused, NpyError, ScoreTableError where it is not the matrix of the index, byte for byte
 */
export async function readScores(
  index: ScoresIndex,
  parts: AsyncGenerator<Uint8Array>,
  bytes: number,
  progress: (loaded: number, total: number) => void,
): Promise<ReadScores> {
  const source = new WholeBytes(parts);
  try {
    const { rows, columns } = await readShape(source, index, bytes);
    const truths = truthsOf(index);
    const [found, top] = [[] as Outcomes[], emptyTopFive(rows)];
    const most = Math.max(1, Math.floor(PIECE / (4 * Math.max(1, columns))));
    const buffer = new Float32Array(Math.min(most, rows) * columns);
    for (let row = 0; row < rows; row += most) {
      const end = Math.min(rows, row + most);
      const values = buffer.subarray(0, (end - row) * columns);
      await takeAll(source, new Uint8Array(values.buffer, 0, values.byteLength));
      const table = scoreTable(columns, values, truths.subarray(row, end), row);
      found.push(outcomesOf(table));
      noteTopFive(top, table, row);
      progress(source.bytes, bytes);
    }
    if ((await source.end()) !== index.sha256)
      throw new ScoresRefused('The scores are damaged: their SHA-256 is not the one in their index.');
    const { items, ...rest } = index;
    const photos = packPhotoIds(items.map(({ photo }) => photo));
    return { index: rest, photos, outcomes: joinOutcomes(columns, found), top };
  } finally {
    await source.close();
  }
}

async function readShape(
  source: WholeBytes,
  index: ScoresIndex,
  bytes: number,
): Promise<{ readonly rows: number; readonly columns: number }> {
  const start = new Uint8Array(HEADER_START);
  await takeAll(source, start);
  const header = new Uint8Array(HEADER_START + new DataView(start.buffer).getUint16(8, true));
  header.set(start);
  await takeAll(source, header.subarray(HEADER_START));
  const shape = readNpyHeader(header);
  if (fitsIndex(index, { ...shape, bytes })) return shape;
  throw new ScoresRefused(
    `The scores and their index do not belong together: ${String(shape.rows)} × ${String(shape.columns)} scores, ` +
      `and an index of ${String(index.items.length)} photos and ${String(index.labels.length)} classes.`,
  );
}

async function takeAll(source: WholeBytes, target: Uint8Array): Promise<void> {
  if ((await source.take(target)) < target.length)
    throw new ScoresRefused('The scores end too early: the file is cut off.');
}

import type { ScoresIndex } from '../schema/scores.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

/** Columns of the true classes of all rows; `OUT_OF_SCOPE` also for a class that the model does not know. */
export function truthsOf({ labels, items }: Pick<ScoresIndex, 'labels' | 'items'>): Int32Array {
  const columns = new Map(labels.map((label, column) => [label, column]));
  return Int32Array.from(items, ({ truth }) =>
    truth === null ? OUT_OF_SCOPE : (columns.get(truth) ?? OUT_OF_SCOPE),
  );
}

/** The size of a matrix file, as its header and the file system have it. */
interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
  /** Byte offset of the first value. */
  readonly offset: number;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Is this the matrix that the index describes? */
export function fitsIndex(index: ScoresIndex, { rows, columns, offset, bytes }: MatrixSize): boolean {
  const setsFit = index.sets.every(({ from, to }) => from <= to && to <= rows);
  return (
    setsFit &&
    rows === index.rows &&
    rows === index.items.length &&
    columns === index.labels.length &&
    columns === index.names.length &&
    bytes === offset + rows * columns * 4
  );
}

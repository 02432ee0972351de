import type { DataSet } from '#shared/schema/dataset.ts';
import type { LabelId, PhotoId } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

/** A row of the softmax matrix: a photo of one of the sets. */
export interface EvaluationRow {
  readonly set: string;
  readonly photo: PhotoId;
  /** Its class in the data set; null out of scope. */
  readonly truth: LabelId | null;
}

/** Training, validation, test, then each benchmark; a benchmark's name is its id behind `benchmark:`. */
export function evaluationRows(dataSet: DataSet): EvaluationRow[] {
  const { training, validation, test, benchmarks } = dataSet;
  const rowsOf = (
    set: string,
    items: readonly { photo: PhotoId; class: LabelId | null }[],
  ): EvaluationRow[] => items.map((item) => ({ set, photo: item.photo, truth: item.class }));
  return [
    ...rowsOf('training', training),
    ...rowsOf('validation', validation),
    ...rowsOf('test', test),
    ...benchmarks.flatMap((b) => rowsOf(`benchmark:${b.id}`, b.items)),
  ];
}

/** Names of all sets of a data set, those without photos included. */
export function setNames({ benchmarks }: DataSet): string[] {
  return ['training', 'validation', 'test', ...benchmarks.map((b) => `benchmark:${b.id}`)];
}

/** Where the rows of each set lie in a matrix that holds these rows, in this order. */
export function setRanges(
  names: readonly string[],
  rows: readonly Pick<EvaluationRow, 'set'>[],
): ScoresIndex['sets'] {
  const counts = new Map(names.map((name) => [name, 0]));
  for (const { set } of rows) counts.set(set, (counts.get(set) ?? 0) + 1);
  let from = 0;
  return [...counts].map(([name, count]) => {
    const range = { name, from, to: from + count };
    from = range.to;
    return range;
  });
}

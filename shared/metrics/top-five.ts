import type { ScoreTable } from './score-table.ts';

const FIVE = 5;

/** The best guesses of rows, 40 bytes each. */
export interface TopFive {
  /** Columns, five a row, best first; of equal scores the lower column. −1 where there are fewer classes. */
  readonly labels: Int32Array;
  readonly scores: Float32Array;
}

/** Room for as many rows. */
export function emptyTopFive(rows: number): TopFive {
  return { labels: new Int32Array(rows * FIVE).fill(-1), scores: new Float32Array(rows * FIVE) };
}

/** Writes the best guesses of a piece of the table. @param firstRow row of the piece's first */
export function noteTopFive(
  { labels, scores: kept }: TopFive,
  { classes, scores, truths }: ScoreTable,
  firstRow: number,
): void {
  for (let row = 0; row < truths.length; row++) {
    const [from, first] = [row * classes, (firstRow + row) * FIVE];
    const last = first + FIVE - 1;
    let least = -1;
    for (let column = 0; column < classes; column++) {
      const score = scores[from + column] ?? 0;
      if (score <= least) continue;
      let at = last;
      for (; at > first && (labels[at - 1] === -1 || score > (kept[at - 1] ?? 0)); at--) {
        kept[at] = kept[at - 1] ?? 0;
        labels[at] = labels[at - 1] ?? -1;
      }
      kept[at] = score;
      labels[at] = column;
      if (labels[last] !== -1) least = kept[last] ?? 0;
    }
  }
}

/** The best guesses of one row. */
export function topFiveAt({ labels, scores }: TopFive, row: number): { label: number; score: number }[] {
  const places = Array.from({ length: FIVE }, (_, i) => row * FIVE + i);
  return places
    .map((at) => ({ label: labels[at] ?? -1, score: scores[at] ?? 0 }))
    .filter(({ label }) => label !== -1);
}
